import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinkKind, type LinkState, lessonNeeds } from './link.ts';
import { LinkEvidence, type LinkSample } from './link-evidence.ts';
import type { Fields } from './sample.ts';

const now = 10_000;
const freshS = 30;

const sample = (measurement: string, time: number, fields: Fields, link: LinkKind, target = 'hub') =>
  ({ measurement, tags: { link, target }, time, fields }) satisfies LinkSample;
const counted = (lost: number): Fields => ({ ok: lost < 10, sent: 10, received: 10 - lost });
const failed: Fields = { ok: false, failure: 'path' };
const well: Fields = { ok: true, rtt_ms: 40, jitter_ms: 2, sent: 10, received: 10 };
const stamp = (fields: Fields, time = now, target = 'hub') =>
  sample('stamp', time, fields, 'broadband', target);
const dns = (fields: Fields, time = now) => sample('dns', time, fields, 'broadband', 'resolver');
const gateway = (fields: Fields, time = now) => sample('ping', time, fields, 'lan', 'gateway');

function evidenceOf(samples: readonly LinkSample[]): LinkEvidence {
  const evidence = new LinkEvidence();
  for (const one of samples) evidence.add(one);
  return evidence;
}

const statesOf = (samples: readonly LinkSample[], at = now) => evidenceOf(samples).states(at, () => freshS);
const broadband = (...samples: LinkSample[]): LinkState => statesOf(samples).get('broadband') ?? 'unknown';
const lan = (...samples: LinkSample[]): LinkState => statesOf(samples).get('lan') ?? 'unknown';

/** Sessions of STAMP every ten seconds, the last one now. */
const sessions = (losses: readonly number[]): LinkSample[] =>
  losses.map((lost, index) => stamp(counted(lost), now - 10 * (losses.length - 1 - index)));

describe('the state of a link', () => {
  it('is unknown without evidence', () => {
    expect(broadband()).toBe('unknown');
  });

  it('is good where all is well, down where all failed, and degraded where some targets fail', () => {
    expect(broadband(stamp(well), dns(well))).toBe('good');
    expect(broadband(stamp(failed), dns(failed))).toBe('down');
    expect(broadband(stamp(well), stamp(failed, now, 'front-end'))).toBe('degraded');
    expect(broadband(stamp(well), dns(failed))).toBe('degraded');
  });

  it('follows from what is measured all the time, not from a test of the throughput once a day', () => {
    const test = (fields: Fields) => sample('throughput', now, fields, 'broadband', 'bandwidth');
    expect(broadband(test(well))).toBe('unknown');
    expect(broadband(stamp(failed), test(well))).toBe('down');
    expect(broadband(stamp(well), test({ ok: false, failure: 'target' }))).toBe('good');
  });

  it('is the same whatever routes were found: a router that is silent is no fault, one that answers no proof', () => {
    const route = (fields: Fields) => sample('path', now, fields, 'broadband');
    const routes = [
      { ok: false, failure: 'path', error: 'no hop answered', reached: false, hops: 0 },
      { ok: true, reached: false, hops: 1, rtt_ms: 5000 },
      { ok: true, reached: true, hops: 3, rtt_ms: 1 },
    ].map(route);
    for (const fields of [well, failed, { ...well, rtt_ms: lessonNeeds.rttMs + 1 }])
      expect(broadband(stamp(fields), ...routes)).toBe(broadband(stamp(fields)));
    expect(broadband(...routes)).toBe('unknown');
  });

  it.each([{ rtt_ms: lessonNeeds.rttMs + 1 }, { jitter_ms: lessonNeeds.jitterMs + 1 }])(
    'is degraded below what a lesson needs: %o',
    (lack) => {
      expect(broadband(stamp({ ...well, ...lack }))).toBe('degraded');
    },
  );

  it('is good at exactly what a lesson needs, and where a probe does not measure that', () => {
    const least = { rtt_ms: lessonNeeds.rttMs, jitter_ms: lessonNeeds.jitterMs };
    expect(broadband(stamp({ ...well, ...least }))).toBe('good');
    expect(broadband(stamp({ ok: true }))).toBe('good');
  });

  it('forgets what is older than the limit, and not what is exactly as old', () => {
    expect(broadband(stamp(failed, now - freshS))).toBe('down');
    expect(broadband(stamp(failed, now - freshS - 1))).toBe('unknown');
    expect(broadband(stamp(well), stamp(failed, now - freshS - 1, 'gone'))).toBe('good');
  });

  it('is degraded, and not down, where a far end was reached and refused; a platform that refuses is down', () => {
    const refused = { ok: false, failure: 'target' };
    expect(broadband(stamp(refused), dns(well))).toBe('degraded');
    expect(lan(gateway(failed), stamp(refused))).toBe('degraded');
    expect(statesOf([sample('http', now, refused, 'platform', 'library')]).get('platform')).toBe('down');
  });

  it('learns nothing from failures that the agent caused itself', () => {
    expect(broadband(stamp({ ...failed, failure: 'agent' }))).toBe('unknown');
    expect(broadband(stamp(well), stamp({ ...failed, failure: 'agent' }, now, 'other'))).toBe('good');
  });
});

describe('a resolver that answers from its cache', () => {
  it('does not hold a link up where nothing else answers', () => {
    expect(broadband(stamp(failed), dns(well))).toBe('down');
    const page = sample('http', now, failed, 'broadband', 'front-end');
    expect(broadband(stamp(failed), page, dns(well))).toBe('down');
  });

  it('is evidence where there is no other', () => {
    expect(broadband(dns(well))).toBe('good');
    expect(broadband(dns(failed))).toBe('down');
    expect(broadband(dns({ ok: false, failure: 'target' }))).toBe('down');
  });

  it('is not needed by a hub that is heard where only UDP is blocked', () => {
    const evidence = evidenceOf([stamp(failed, now - 60), stamp(failed), dns(well)]);
    expect(evidence.states(now, () => freshS).get('broadband')).toBe('down');
    evidence.passed(now - 20);
    expect(evidence.states(now, () => freshS).get('broadband')).toBe('degraded');
  });

  it('is not helped by a hub that was heard before all failed, or long ago', () => {
    const cut = evidenceOf([stamp(well, now - 10), stamp(failed), dns(well)]);
    cut.passed(now - 1);
    expect(cut.states(now, () => freshS).get('broadband')).toBe('down');
    const old = evidenceOf([stamp(failed, now - 600), stamp(failed), dns(well)]);
    old.passed(now - 200);
    expect(old.states(now, () => freshS).get('broadband')).toBe('down');
  });
});

describe('a gateway that forwards and does not answer', () => {
  it('leaves the LAN as good as the best of what goes through it', () => {
    expect(lan(gateway(failed), stamp(well))).toBe('good');
    expect(lan(gateway(failed), stamp({ ...well, rtt_ms: 900 }))).toBe('degraded');
    expect(lan(gateway(failed), stamp({ ...well, rtt_ms: 900 }), stamp(well, now, 'front-end'))).toBe('good');
  });

  it('is no such gateway where nothing beyond it answers, or only a cache', () => {
    expect(lan(gateway(failed))).toBe('down');
    expect(lan(gateway(failed), stamp(failed))).toBe('down');
    expect(lan(gateway(failed), stamp(failed), dns(well))).toBe('down');
    expect(lan(gateway(failed), sample('http', now, well, 'platform', 'library'))).toBe('down');
  });

  it('is not excused by an answer of before it failed', () => {
    expect(lan(gateway(well, now - 30), gateway(failed), stamp(well, now - 25))).toBe('down');
  });

  it('is known by answers that come seldom, as long as it has been silent since before', () => {
    const silent = [now - 40, now - 30, now - 20, now].map((time) => gateway(failed, time));
    expect(lan(...silent, stamp(well, now - 18))).toBe('good');
  });

  it('is known by a hub that is heard', () => {
    const evidence = evidenceOf([gateway(failed, now - 60), gateway(failed)]);
    evidence.passed(now - 20);
    expect(evidence.states(now, () => freshS).get('lan')).toBe('degraded');
  });
});

describe('loss', () => {
  it('of one pair of packets does not degrade a link, whenever it happens', () => {
    expect(broadband(...sessions([2]))).toBe('good');
    for (let at = 0; at < 22; at += 1) {
      const losses = Array.from({ length: 22 }, (_, index) => (index === at ? 2 : 0));
      expect(broadband(...sessions(losses))).toBe('good');
    }
  });

  it('beyond what a lesson bears degrades it, in one session or spread over several', () => {
    expect(broadband(...sessions([3]))).toBe('degraded');
    expect(broadband(...sessions([0, 0, 1, 0, 0, 0, 0, 2]))).toBe('degraded');
  });

  it('is forgotten when enough packets came through since, and after five minutes', () => {
    expect(broadband(...sessions([3, ...Array(19).fill(0)]))).toBe('degraded');
    expect(broadband(...sessions([3, ...Array(20).fill(0)]))).toBe('good');
    expect(broadband(stamp(counted(5), now - 301), stamp(counted(0)))).toBe('good');
  });

  it('of everything shows at once, and is over when the link is back', () => {
    expect(broadband(...sessions([0, 0, 10]))).toBe('down');
    expect(broadband(...sessions([0, 10, 10, 10, 0]))).toBe('good');
  });

  it('counts late samples where they belong', () => {
    const [first, late, ...rest] = sessions([0, 4, 0, 0]);
    expect(broadband(...[first, ...rest].flatMap((one) => one ?? []))).toBe('good');
    expect(broadband(...[first, ...rest, late].flatMap((one) => one ?? []))).toBe('degraded');
  });
});

const anySample: fc.Arbitrary<LinkSample> = fc
  .record({
    measurement: fc.constantFrom('stamp', 'dns', 'ping'),
    link: fc.constantFrom<LinkKind>('lan', 'broadband'),
    target: fc.constantFrom('a', 'b'),
    time: fc.integer({ min: now - 2 * freshS, max: now }),
    ok: fc.boolean(),
    lost: fc.nat(4),
    rtt: fc.option(fc.nat(1000), { nil: undefined }),
    failure: fc.option(fc.constantFrom('agent', 'resolver', 'path', 'target'), { nil: undefined }),
  })
  .map(({ measurement, link, target, time, ok, lost, rtt, failure }) =>
    sample(
      measurement,
      time,
      {
        ok,
        sent: 10,
        received: 10 - lost,
        ...(rtt !== undefined && { rtt_ms: rtt }),
        ...(failure !== undefined && { failure }),
      },
      link,
      target,
    ),
  );
/** Two samples of one series have different times (clause L-11). */
const history = fc.uniqueArray(anySample, {
  maxLength: 40,
  selector: ({ measurement, tags, time }) => `${measurement} ${tags.link} ${tags.target} ${time}`,
});

describe('a satellite receiver', () => {
  const dish = (fields: Fields, time = now) => sample('signal', time, fields, 'satellite', 'receiver');
  const satellite = (...samples: LinkSample[]) => statesOf(samples).get('satellite');

  it('that locked is good, that lost its lock is down', () => {
    expect(satellite(dish({ ok: true, locked: true }))).toBe('good');
    expect(satellite(dish({ ok: true, locked: false }))).toBe('down');
  });

  it('is degraded with less margin than a lesson needs, and when packets could not be corrected', () => {
    const locked = { ok: true, locked: true, uncorrected: 0, margin_db: lessonNeeds.marginDb };
    expect(satellite(dish(locked))).toBe('good');
    expect(satellite(dish({ ...locked, margin_db: lessonNeeds.marginDb - 0.1 }))).toBe('degraded');
    expect(satellite(dish({ ...locked, uncorrected: 1 }))).toBe('degraded');
  });

  it('that does not answer says nothing of its dish', () => {
    expect(satellite(dish({ ok: false, failure: 'path' }))).toBeUndefined();
    expect(satellite(dish({ ok: true, locked: true }, now - 10), dish(failed))).toBe('good');
  });
});

describe('whatever was measured', () => {
  it('the states do not depend on the order in which it comes', () => {
    fc.assert(
      fc.property(
        history.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(statesOf(shuffled)).toEqual(statesOf(list));
        },
      ),
    );
  });

  it('a sample that comes twice says nothing new', () => {
    fc.assert(
      fc.property(history, (list) => {
        expect(statesOf([...list, ...list])).toEqual(statesOf(list));
      }),
    );
  });

  it('no link gets better by one more failure', () => {
    const rank: Record<LinkState, number> = { good: 0, unknown: 0, degraded: 1, down: 2 };
    fc.assert(
      fc.property(history, (list) => {
        const before = statesOf(list);
        const after = statesOf([...list, stamp(failed, now, 'new')]);
        for (const link of ['lan', 'broadband'] as const)
          expect(rank[after.get(link) ?? 'unknown']).toBeGreaterThanOrEqual(
            rank[before.get(link) ?? 'unknown'],
          );
      }),
    );
  });
});

it('what one agent says of thousands of targets is kept of some hundred', () => {
  const many = Array.from({ length: 5000 }, (_, n) => stamp(n < 500 ? well : failed, now, `t${n}`));
  expect(broadband(...many)).toBe('good');
});

it('five hundred probes are judged at the cost of fifty, ten times over', () => {
  /** Gateways that are silent, and as many targets beyond them that answer slowly. */
  const probesOf = (count: number): LinkEvidence =>
    evidenceOf(
      Array.from({ length: count / 2 }, (_, n) => [
        sample('ping', now - 300, failed, 'lan', `g${n}`),
        sample('ping', now, failed, 'lan', `g${n}`),
        stamp({ ...well, rtt_ms: 900 }, now, `t${n}`),
      ]).flat(),
    );
  /** Processor time of the cheapest of some tries, µs: what others do on the machine has no part in it. */
  const costOf = (evidence: LinkEvidence, times: number): number => {
    const tries = Array.from({ length: 3 }, () => {
      const start = process.threadCpuUsage();
      for (let time = 0; time < times; time += 1) evidence.states(now, () => freshS);
      const { user, system } = process.threadCpuUsage(start);
      return user + system;
    });
    return Math.min(...tries);
  };
  const many = probesOf(500);
  expect(many.states(now, () => freshS).get('lan')).toBe('degraded');
  // As much; where each of one link is held against each of the other, ten times.
  const few = costOf(probesOf(50), 20_000);
  expect(costOf(many, 2000)).toBeLessThan(4 * few);
});
