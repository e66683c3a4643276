import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { AgentEvidence, type Word } from './agent-evidence.ts';
import { pausesOf } from './presence.ts';
import { monday } from './testing/county.ts';
import { sparseCounty } from './testing/sparse-days.ts';
import { Timing } from './timing.ts';

const dayS = 86_400;
const timing = new Timing(sparseCounty);
const states = ['online', 'stopping', 'asleep', 'offline'] as const;

/** On for a quarter of an hour at the beginning of each hour. */
function evidenceOf(hours: number, words: readonly Word[]): AgentEvidence {
  const evidence = new AgentEvidence();
  for (let hour = 0; hour < hours; hour += 1)
    for (let second = 0; second <= 900; second += 30)
      evidence.take({ measurement: 'ping', tags: {}, time: monday + hour * 3600 + second, fields: {} });
  for (const word of words) evidence.hear(word);
  return evidence;
}

describe('the pauses of an agent', () => {
  it('are of what it said as they began, whatever it said at other times', () => {
    const word = fc.record({
      time: fc.integer({ min: monday, max: monday + 10 * 3600 }),
      state: fc.constantFrom(...states),
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 200 }), (words) => {
        const evidence = evidenceOf(10, words);
        const pauses = pausesOf(evidence, monday, monday + 10 * 3600, timing, 's1');
        expect(pauses).toHaveLength(10);
        for (const { from, to = Number.POSITIVE_INFINITY, why } of pauses) {
          const said = evidence.words.find(
            ({ time, state }) => state !== 'online' && time >= from - 15 && time <= from + 130 && time < to,
          );
          const meant = { stopping: 'off', asleep: 'asleep', online: 'silent', offline: 'silent' } as const;
          expect(why).toBe(meant[said?.state ?? 'offline']);
        }
      }),
    );
  });

  it('that began by now and had not ended before a time', () => {
    const pauses = pausesOf(evidenceOf(10, []), monday + 4 * 3600, monday + 6 * 3600, timing, 's1');
    expect(pauses.map(({ from }) => (from - monday - 900) / 3600)).toEqual([3, 4, 5]);
  });

  it('take no longer in a month of words', () => {
    const stepsOf = (days: number): number => {
      const words = Array.from(
        { length: days * 100 },
        (_, index): Word => ({
          time: monday + index * (dayS / 100),
          state: 'online',
        }),
      );
      const evidence = evidenceOf(24 * days, words);
      let steps = 0;
      const counted = new Proxy(evidence.words, {
        get: (list, key, receiver) => {
          steps += 1;
          return Reflect.get(list, key, receiver);
        },
      });
      vi.spyOn(evidence, 'words', 'get').mockReturnValue(counted);
      const now = monday + days * dayS;
      expect(pausesOf(evidence, now - 10 * 3600, now, timing, 's1')).toHaveLength(11);
      return steps;
    };
    // Halving takes one step more where the list is twice as long.
    expect(stepsOf(32)).toBeLessThanOrEqual(stepsOf(2) + 11 * 5);
  });
});
