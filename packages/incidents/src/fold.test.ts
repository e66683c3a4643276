import { fieldOf } from '@tongtang/model/catalogue';
import { isIdentifier } from '@tongtang/model/identifier';
import type { Finding } from '@tongtang/model/incident';
import { describe, expect, it } from 'vitest';
import type { EvidenceSample } from './agent-evidence.ts';
import { evidenceFields, evidenceMeasurements, isEvidence } from './evidence-fields.ts';
import { IncidentFold } from './fold.ts';
import type { HandMark } from './incident-list.ts';
import { countyOf, monday } from './testing/county.ts';
import { faults } from './testing/faults.ts';
import { play, replay, tryFault } from './testing/play.ts';
import { Random } from './testing/random.ts';
import { type Arrival, arrivalsOf, type TroubleOf } from './testing/world.ts';

const topology = countyOf([3, 2, 1]);
const from = monday + 8.45 * 3600;
const to = monday + 10.75 * 3600;
const cutAt = monday + 9.3 * 3600;
const cut: TroubleOf = ({ school }, time) =>
  school === 's1' && time >= cutAt && time < cutAt + 900 ? { line: true } : {};
const journey = (troubleOf: TroubleOf): Arrival[] =>
  arrivalsOf({ topology, from, to, seed: 5, troubleOf, loss: 0.05, missing: new Set() });

/** What is found, without names and history. */
const findings = ({ incidents }: Pick<IncidentFold, 'incidents'>): Omit<Finding, 'openedAt'>[] =>
  incidents
    .filter(({ state }) => state !== 'withdrawn')
    .map(({ place, cause, confidence, row, from: began, to: ended, flapping, evidence }) => ({
      place,
      cause,
      confidence,
      row,
      from: began,
      ...(ended !== undefined && { to: ended }),
      flapping,
      evidence,
    }));

const samplesOf = (arrivals: readonly Arrival[]) =>
  arrivals.flatMap(({ agent, samples }) => samples.map((sample) => ({ agent, sample })));

/** Everything at once, as it comes, then what came too late again. */
function folded(
  samples: readonly { agent: string; sample: EvidenceSample }[],
  words: readonly Arrival[],
): IncidentFold {
  const fold = new IncidentFold(topology);
  for (const { agent, word } of words) if (word !== undefined) fold.hear(agent, word);
  for (const { agent, sample } of samples) fold.take(agent, [sample]);
  if (fold.late.size > 0) replay(fold, fold.late, samples);
  fold.look(to);
  return fold;
}

describe('the fold', () => {
  const arrivals = journey(cut);
  const live = play(topology, arrivals, { to, faultAt: cutAt });

  it('tells of a cut while it lasts, once, and where it was when the backlog has come', () => {
    expect(live.told.size).toBe(1);
    expect(live.openAfterS).toBeLessThan(25);
    expect(findings(live)).toMatchObject([{ cause: 'line-cut', place: { node: 'broadband', school: 's1' } }]);
    expect(live.incidents[0]?.history.map(({ what }) => what)).toEqual(['opened', 'found', 'resolved']);
    expect(live.incidents[0]?.history[1]?.found).toEqual({
      node: 'broadband',
      cause: 'line-cut',
      confidence: 'high',
    });
  });

  it('corrects by the backlog of the agents that it is of, and leaves the others as they were', () => {
    const samples = samplesOf(arrivals);
    const { fold } = play(topology, arrivals, { to });
    replay(fold, new Map([['s1-c1', cutAt - 60]]), samples);
    expect(fold.look(to)).toEqual([]);
    expect(findings(fold)).toEqual(findings(live));
  });

  it('forgets what was over long ago, and nothing else', () => {
    const { fold } = play(topology, arrivals, { to });
    fold.forget(cutAt - 60);
    expect(fold.look(to)).toEqual([]);
    expect(findings(fold)).toEqual(findings(live));
    fold.forget(to);
    expect(fold.look(to)).toEqual([]);
    expect(fold.incidents).toEqual([]);
  });

  it('finds the same in whatever order samples come, and twice', () => {
    const random = new Random(3);
    const samples = samplesOf(arrivals);
    const inOrder = findings(folded(samples, arrivals));
    expect(inOrder).toEqual(findings(live));
    for (let round = 0; round < 3; round += 1) {
      const shuffled = [...samples, ...samples.slice(0, 2000)]
        .map((one) => ({ one, key: random.next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      expect(findings(folded(shuffled, arrivals))).toEqual(inOrder);
    }
  });

  it('finds the same by what of the samples is called evidence', () => {
    const bare = samplesOf(arrivals).flatMap(({ agent, sample }) => {
      if (!isEvidence(sample.measurement)) return [];
      const names = new Set<string>(evidenceFields[sample.measurement]);
      const fields = Object.entries(sample.fields).filter(([name]) => names.has(name));
      return [{ agent, sample: { ...sample, fields: Object.fromEntries(fields) } }];
    });
    expect(findings(folded(bare, arrivals))).toEqual(findings(live));
    for (const measurement of evidenceMeasurements)
      for (const field of evidenceFields[measurement]) expect(fieldOf(measurement, field)).toBeDefined();
  });

  it('finds by a replay what it found live', () => {
    const samples = samplesOf(arrivals);
    const { fold } = play(topology, arrivals, { to });
    replay(fold, new Map(topology.agents.map(({ id }) => [id, cutAt - 60])), samples);
    expect(fold.look(to)).toEqual([]);
    expect(findings(fold)).toEqual(findings(live));
  });

  it.each([9.25, 9.302, 9.4, 9.6, 10])('goes on silently after a restart at %s', (hour) => {
    const at = monday + hour * 3600;
    const before = play(
      topology,
      arrivals.filter((one) => one.at <= at),
      { to: at },
    );
    const again = new IncidentFold(topology, JSON.parse(JSON.stringify(before.fold.state())));
    expect(again.look(at)).toEqual([]);
    const after = play(
      topology,
      arrivals.filter((one) => one.at > at),
      {
        to,
        fold: again,
        stored: samplesOf(arrivals.filter((one) => one.at <= at)),
      },
    );
    expect(findings(after)).toEqual(findings(live));
    expect(after.fold.incidents.length).toBe(live.fold.incidents.length);
  });

  it('keeps what people did, and who', () => {
    const { fold } = play(
      topology,
      arrivals.filter((one) => one.at < cutAt + 300),
      { to: cutAt + 300 },
    );
    const id = fold.incidents[0]?.id ?? '';
    const mark = { what: 'acknowledged', time: cutAt + 300, who: 'li', text: 'on the way' } as const;
    expect(fold.mark(id, mark)).toMatchObject({ state: 'acknowledged' });
    expect(fold.mark('none', mark)).toBeUndefined();
    play(
      topology,
      arrivals.filter((one) => one.at >= cutAt + 300),
      { to, fold },
    );
    expect(fold.incidents[0]).toMatchObject({ id, state: 'resolved' });
    expect(fold.incidents[0]?.history).toContainEqual(mark);
  });

  it('is opened again by hand as it was before it was closed', () => {
    const { fold } = play(
      topology,
      arrivals.filter((one) => one.at < cutAt + 300),
      { to: cutAt + 300 },
    );
    const id = fold.incidents[0]?.id ?? '';
    const by = { time: cutAt + 300, who: 'li' } as const;
    const statesAfter = (...marks: HandMark['what'][]) =>
      marks.map((what) => fold.mark(id, { ...by, what })?.state);
    expect(statesAfter('reopened', 'closed', 'reopened')).toEqual(['open', 'closed', 'open']);
    expect(statesAfter('acknowledged', 'closed', 'acknowledged', 'reopened')).toEqual([
      'acknowledged',
      'closed',
      'closed',
      'acknowledged',
    ]);
    play(
      topology,
      arrivals.filter((one) => one.at >= cutAt + 300),
      { to, fold },
    );
    expect(statesAfter('closed', 'reopened')).toEqual(['closed', 'resolved']);
  });

  it('calls incidents by what a notice and an address can hold', () => {
    const hundredth = { ...topology, county: 'a-county-with-a-name-of-30-char', closeReportS: 18.01 };
    const fold = new IncidentFold(hundredth);
    const everywhere = journey((_, time) => (time >= cutAt ? { line: true } : {}));
    play(hundredth, everywhere, { to: cutAt + 300, fold });
    expect(fold.incidents.length).toBeGreaterThan(0);
    for (const { id } of fold.incidents) expect(isIdentifier(id)).toBe(true);
  });

  it('waits for reports as long as they take at present, where a budget stretches them', () => {
    const every = 50;
    const fold = new IncidentFold(topology);
    for (let at = from + every; at <= cutAt; at += every) {
      const samples = [10, 20, 30, 40, 50].map((after) => ({
        measurement: 'stamp',
        tags: { target: 'hub' },
        time: at - every + after,
        fields: { ok: true },
      }));
      for (const { id } of topology.agents) fold.take(id, samples, at);
      if (at > from + 4 * every) expect(fold.look(at + every - 1)).toEqual([]);
    }
    expect(fold.look(cutAt + 80)).toEqual([]);
    expect(fold.look(cutAt + 110)).toMatchObject([{ state: 'open', row: 'many-silent' }]);
  });

  it('finds nothing in announced work of that school, and does elsewhere', () => {
    const windowOf = (school: string) =>
      ({ id: 'w', note: 'new line', kind: 'once', school, start: cutAt - 60, end: cutAt + 1200 }) as const;
    const incidentsWith = (school: string) => {
      const fold = new IncidentFold(topology);
      fold.plan([windowOf(school)]);
      return play(topology, arrivals, { to, fold }).incidents;
    };
    expect(incidentsWith('s1')).toEqual([]);
    expect(incidentsWith('s2')).toHaveLength(1);
  });

  it('passes over agents that it does not know, until they are settled', () => {
    const [first] = topology.agents;
    const fold = new IncidentFold({ ...topology, agents: [] });
    const sample = { measurement: 'ping', tags: {}, time: from, fields: {} };
    fold.take(first?.id ?? '', [sample]);
    expect(fold.state().agents).toEqual([]);
    fold.settle(topology);
    fold.take(first?.id ?? '', [sample]);
    expect(fold.state().agents).toHaveLength(1);
  });

  describe('when a PC is switched off in order while its school is cut', () => {
    const comesOn = monday + 86_400 + 8.6 * 3600;
    const troubled: TroubleOf = (agent, time) =>
      agent.id === 's1-c2' && time >= cutAt + 300 && time < comesOn ? { off: 'order' } : cut(agent, time);
    const until = (end: number) =>
      play(
        topology,
        arrivalsOf({ topology, from, to: end, seed: 5, troubleOf: troubled, loss: 0.05, missing: new Set() }),
        {
          to: end,
          everyS: 10,
        },
      );
    const theCut = { cause: 'line-cut', state: 'resolved', place: { school: 's1' } };

    it('ends the incident with the rest of the school, for nobody knows more of it', () => {
      const { incidents, told } = until(monday + 10.75 * 3600);
      expect(incidents).toMatchObject([theCut]);
      expect(Math.abs((incidents[0]?.to ?? 0) - cutAt - 900)).toBeLessThan(60);
      expect(told.size).toBe(1);
    });

    it('changes nothing of it when the PC comes on the next day and tells what it saw', () => {
      const { incidents } = until(comesOn + 1200);
      expect(incidents).toMatchObject([theCut]);
      expect(Math.abs((incidents[0]?.to ?? 0) - cutAt - 900)).toBeLessThan(60);
      const own = incidents[0]?.evidence.find(({ agent }) => agent === 's1-c2');
      expect(own).toMatchObject({ condition: 'hub-lost' });
      expect((own?.to ?? 0) - (own?.from ?? 0)).toBeLessThan(930);
    });

    it('is one incident where the line is cut for days, and everybody goes home at night', () => {
      const mended = monday + 86_400 + 10 * 3600;
      const end = mended + 1800;
      const rooms = { ...topology, agents: topology.agents.filter(({ kind }) => kind === 'classroom') };
      const days: TroubleOf = ({ school }, time) => {
        const hour = ((time - monday) % 86_400) / 3600;
        if (hour > 18 || hour < 7.8) return { off: 'order' };
        return school === 's1' && time >= cutAt && time < mended ? { line: true } : {};
      };
      const plan = {
        topology: rooms,
        from,
        to: end,
        seed: 5,
        troubleOf: days,
        loss: 0.05,
        missing: new Set<string>(),
      };
      const incidents = play(rooms, arrivalsOf(plan), { to: end, everyS: 30 }).incidents.filter(
        ({ place }) => place.school === 's1',
      );
      expect(incidents).toMatchObject([theCut]);
      expect(Math.abs((incidents[0]?.from ?? 0) - cutAt)).toBeLessThan(60);
      expect(Math.abs((incidents[0]?.to ?? 0) - mended)).toBeLessThan(60);
    });
  });

  it('goes by the thresholds of a school, from when they are set', () => {
    const slow: TroubleOf = ({ school }, time) =>
      school === 's1' && time >= cutAt ? { congested: true } : {};
    const arrivals = journey(slow);
    const patient = {
      ...topology,
      schools: topology.schools.map((school) =>
        school.id === 's1' ? { ...school, thresholds: { congested: { fire: 5, clear: 3 } } } : school,
      ),
    };
    expect(play(topology, arrivals, { to }).incidents).toMatchObject([{ cause: 'congestion' }]);
    expect(play(patient, arrivals, { to }).incidents).toEqual([]);

    const settledAt = (time: number) => {
      const fold = new IncidentFold(topology);
      play(
        topology,
        arrivals.filter(({ at }) => at <= time),
        { to: time, fold },
      );
      fold.settle(patient);
      return play(
        patient,
        arrivals.filter(({ at }) => at > time),
        { to, fold },
      ).incidents;
    };
    expect(settledAt(cutAt + 50)).toEqual([]);
    // What goes on ends by them, and is not taken back.
    expect(settledAt(cutAt + 600)).toMatchObject([{ cause: 'congestion', state: 'resolved' }]);
  });

  it('finds nothing where nothing is wrong, with 5 % of loss', () => {
    expect(
      play(
        topology,
        journey(() => ({})),
        { to },
      ).fold.incidents,
    ).toEqual([]);
  });
});

describe('a fault with noise and missing agents', () => {
  // A week takes long; all kinds in twenty variations each are in `npm run bench -- incidents`.
  it.each(Object.keys(faults).filter((kind) => kind !== 'hub away for a week'))('%s', (kind) => {
    const { verdict, count, told } = tryFault(kind, 1);
    const expected = kind.startsWith('PC ') ? 0 : 1;
    expect({ verdict, count, told }).toEqual({ verdict: 'right', count: expected, told: expected });
  });
});
