import type { LinkSample } from '@tongtang/model/link-evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkMinutes, marginS, sleepsIn } from './link-minutes.ts';
import { anyCourse, base, fine, inputOf, play, type Spell, told } from './world.fixture.ts';

function minutesOf(spells: readonly Spell[], more: Parameters<typeof inputOf>[1] = {}) {
  const { machine, links } = linkMinutes(inputOf(play(spells), more));
  return {
    machine: told(machine),
    lan: told(links.get('lan')),
    broadband: told(links.get('broadband')),
    satellite: told(links.get('satellite')),
    platform: told(links.get('platform')),
  };
}

describe('the minutes of an agent', () => {
  it('are good while all is well, from its first sample on', () => {
    expect(minutesOf([{ ...fine, minutes: 20 }])).toEqual({
      machine: 'good 20',
      lan: 'good 20',
      broadband: 'good 20',
      satellite: 'good 20',
      platform: 'good 20',
    });
  });

  it('are down while nothing comes through, and platforms with the line although they are asked seldom', () => {
    const cut = { ...fine, line: 'down', minutes: 7 } as const;
    const all = minutesOf([{ ...fine, minutes: 20 }, cut, { ...fine, minutes: 20 }]);
    expect(all.broadband).toBe('good 20, down 7, good 20');
    expect(all.platform).toBe('good 20, down 7, good 20');
    expect(all.lan).toBe('good 47');
  });

  it('of a line that is down for less than the time between two questions to the platform are the same', () => {
    const cut = { ...fine, line: 'down', minutes: 2 } as const;
    expect(minutesOf([{ ...fine, minutes: 23 }, cut, { ...fine, minutes: 20 }]).platform).toBe(
      'good 23, down 2, good 20',
    );
  });

  it('of a line that is down say nothing of platforms that were not asked near by, however far one looks', () => {
    const played = play([
      { ...fine, line: 'down', minutes: 2 },
      { ...fine, pc: 'asleep', minutes: 33 },
      { ...fine, minutes: 10 },
    ]);
    // As if it had not been asked while the line was down: it was switched on too late for that.
    const samples = played.samples.filter(
      ({ measurement, time }) => measurement !== 'http' || time > base + 120,
    );
    const whole = linkMinutes(inputOf({ ...played, samples }));
    const near = samples.filter(({ time }) => time < base + 60 + marginS);
    const first = linkMinutes({ ...inputOf({ ...played, samples: near }), to: base + 60 });
    expect(told(whole.links.get('platform')?.slice(0, 2))).toBe('unknown 2');
    expect(first.links.get('platform') ?? ['unknown']).toEqual(['unknown']);
  });

  it('a minute in which the line broke, or came back, is degraded: it is down where nothing came through in all of it', () => {
    const { samples, ...rest } = play([{ ...fine, minutes: 10 }]);
    const broken = samples.map(
      (sample): LinkSample =>
        sample.measurement === 'stamp' && sample.time >= base + 150 && sample.time < base + 270
          ? { ...sample, fields: { ok: false, failure: 'path', sent: 10, received: 0 } }
          : sample,
    );
    const { links } = linkMinutes(inputOf({ samples: broken, ...rest }));
    expect(told(links.get('broadband'))).toBe('good 2, degraded 1, down 1, degraded 1, good 5');
  });

  it('loss is found where it was, and blamed on no minute before or after', () => {
    const lossy = { ...fine, line: 'lossy', minutes: 6 } as const;
    expect(minutesOf([{ ...fine, minutes: 10 }, lossy, { ...fine, minutes: 10 }]).broadband).toBe(
      'good 10, degraded 6, good 10',
    );
  });

  it('a slow line, and a signal with too little margin, are degraded', () => {
    const all = minutesOf([
      { ...fine, minutes: 5 },
      { ...fine, line: 'slow', satellite: 'low', minutes: 5 },
      { ...fine, minutes: 5 },
    ]);
    expect([all.broadband, all.satellite]).toEqual([
      'good 5, degraded 5, good 5',
      'good 5, degraded 5, good 5',
    ]);
  });

  it('a receiver without lock is down; one that does not answer says nothing of its dish', () => {
    const all = minutesOf([
      { ...fine, minutes: 5 },
      { ...fine, satellite: 'unlocked', minutes: 5 },
      { ...fine, satellite: 'unread', minutes: 5 },
      { ...fine, minutes: 5 },
    ]);
    expect(all.satellite).toBe('good 5, down 5, unknown 5, good 5');
  });

  it('a PC that was switched off in order is off, one that slept asleep, and one that fell silent unknown', () => {
    const pause = (pc: Spell['pc']): Spell => ({ ...fine, pc, minutes: 30 });
    const on = { ...fine, minutes: 5 };
    const all = minutesOf([on, pause('off'), on, pause('asleep'), on, pause('silent'), on]);
    expect(all.machine).toBe('good 5, off 30, good 5, asleep 30, good 5, unknown 30, good 5');
    expect(all.broadband).toBe('good 5, unknown 30, good 5, unknown 30, good 5, unknown 30, good 5');
  });

  it('a PC that found out on waking that it slept was asleep, without having said so', () => {
    const { samples, to } = play([
      { ...fine, minutes: 5 },
      { ...fine, pc: 'asleep', minutes: 60 },
      { ...fine, minutes: 5 },
    ]);
    const { machine } = linkMinutes(inputOf({ samples, heard: [], to }));
    expect(told(machine)).toBe('good 5, asleep 60, good 5');
    expect(sleepsIn(samples)).toEqual([{ from: base + 301, to: base + 3901 }]);
  });

  it('what was measured against a hub that did not run says nothing of the line', () => {
    const spells = [
      { ...fine, minutes: 10 },
      { ...fine, line: 'down', minutes: 10 },
      { ...fine, minutes: 10 },
    ] as const;
    const aways = [{ from: base + 600, to: base + 1200 }];
    expect(minutesOf(spells, { aways }).broadband).toBe('good 10, unknown 10, good 10');
  });

  it('a line over which commits come is there, although a firewall swallows the test packets', () => {
    const { samples, ...rest } = play([{ ...fine, line: 'down', minutes: 10 }]);
    const own = Array.from(
      { length: 10 },
      (_, minute): LinkSample => ({
        measurement: 'agent',
        tags: {},
        time: base + minute * 60 + 5,
        fields: { outbox_oldest_s: 12 },
      }),
    );
    const { links } = linkMinutes(inputOf({ samples: [...samples, ...own], ...rest }));
    expect(told(links.get('broadband'))).toBe('down 1, degraded 9');
  });
});

describe('for any course of things', () => {
  it('there is a state for each minute', () => {
    fc.assert(
      fc.property(anyCourse, (spells) => {
        const input = inputOf(play(spells));
        const { machine, links } = linkMinutes(input);
        const length = (input.to - input.from) / 60;
        expect([machine, ...links.values()].map((minutes) => minutes.length)).toEqual(
          Array.from({ length: links.size + 1 }, () => length),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('shuffled, doubled and late samples give the same as in order', () => {
    fc.assert(
      fc.property(anyCourse, fc.infiniteStream(fc.integer()), (spells, draws) => {
        const played = play(spells);
        const keyed = [...played.samples, ...played.samples].map(
          (sample) => [draws.next().value ?? 0, sample] as const,
        );
        const samples = keyed.toSorted(([a], [b]) => a - b).map(([, sample]) => sample);
        expect(linkMinutes(inputOf({ ...played, samples, heard: played.heard.toReversed() }))).toEqual(
          linkMinutes(inputOf(played)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('cut in two at any minute, with what is known around each part, they are the same', () => {
    fc.assert(
      fc.property(anyCourse, fc.nat(), (spells, chosen) => {
        const input = inputOf(play(spells));
        const whole = linkMinutes(input);
        const cut = base + (chosen % ((input.to - base) / 60)) * 60;
        const sleeps = sleepsIn(input.samples);
        const part = (from: number, to: number, before: typeof input.before) =>
          linkMinutes({
            ...input,
            from,
            to,
            before,
            sleeps,
            samples: input.samples.filter(({ time }) => time >= from - marginS && time < to + marginS),
          });
        const first = part(base, cut, 'unknown');
        const second = part(cut, input.to, first.machine.at(-1) ?? 'unknown');
        expect(told([...first.machine, ...second.machine])).toEqual(told(whole.machine));
        const none = (length: number) => Array.from({ length }, () => 'unknown' as const);
        const files = [first, second].flatMap((one) => one.files ?? none(one.machine.length));
        expect(told(files)).toEqual(told(whole.files ?? none(whole.machine.length)));
        for (const [link, minutes] of whole.links) {
          const joined = [first, second].flatMap((one) => one.links.get(link) ?? none(one.machine.length));
          expect([link, told(joined)]).toEqual([link, told(minutes)]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
