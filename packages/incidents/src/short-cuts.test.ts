import { describe, expect, it } from 'vitest';
import { countyOf, monday } from './testing/county.ts';
import { type Played, play } from './testing/play.ts';
import { arrivalsOf } from './testing/world.ts';

/** Of five rooms, and of one; each with a machine beside its receiver. */
const topology = countyOf([5, 4, 3, 1, 1, 1]);
const inLesson = 9.45;
const atNoon = 12.5;
const seeds = [1, 2, 3, 4, 5, 6];

/** The line of a school is cut for some seconds, once or each minute, at a moment that its reports know nothing of. */
function cutFor(seconds: number, hour: number, school: string, seed: number, times = 1): Played {
  const cutAt = monday + hour * 3600 + seed * 3.37;
  const to = Math.ceil(cutAt + 60 * times + 900);
  const arrivals = arrivalsOf({
    topology,
    from: Math.floor(cutAt - 600),
    to,
    seed,
    loss: 0.05,
    missing: new Set(),
    troubleOf: (agent, time) =>
      agent.school === school && time >= cutAt && time < cutAt + 60 * times && (time - cutAt) % 60 < seconds
        ? { line: true }
        : {},
  });
  return play(topology, arrivals, { to, faultAt: cutAt });
}

describe('a line that is cut for some seconds', () => {
  it.each([
    ['s1', 20],
    ['s4', 20],
    ['s1', 30],
    ['s4', 40],
  ])(
    'of %s for %s s in a lesson, is one incident that is over and stays, where it was told of',
    (school, seconds) => {
      for (const seed of seeds) {
        const { incidents, told, openAfterS = 0 } = cutFor(seconds, inLesson, school, seed);
        expect([...told], `seed ${seed}`).toEqual(incidents.map(({ id }) => id));
        expect(told.size).toBeLessThanOrEqual(1);
        expect(openAfterS).toBeLessThan(25);
        for (const { state, place, from = 0, to = 0 } of incidents) {
          expect([state, place.school]).toEqual(['resolved', school]);
          expect(to - from).toBeLessThanOrEqual(seconds + 20);
        }
      }
    },
  );

  it.each(['s1', 's4'])('of %s again and again, is one that comes and goes', (school) => {
    for (const seed of seeds.slice(0, 3)) {
      const { incidents, told } = cutFor(20, inLesson, school, seed, 6);
      expect(incidents, `seed ${seed}`).toMatchObject([{ state: 'resolved', flapping: true }]);
      expect(told.size).toBe(1);
    }
  });

  it('is none where it takes one report', () => {
    for (const seed of seeds) expect(cutFor(8, inLesson, 's4', seed).told.size).toBe(0);
  });

  it.each([
    ['s1', 120],
    ['s4', 120],
    ['s1', 300],
    ['s4', 300],
  ])(
    'of %s for %s s at noon, goes on as the same while its machines come back one by one',
    (school, seconds) => {
      for (const seed of seeds) {
        const { fold, incidents, told } = cutFor(seconds, atNoon, school, seed);
        expect(incidents, `seed ${seed}`).toMatchObject([
          { state: 'resolved', cause: 'line-cut', place: { school } },
        ]);
        // Parts of it may stand by themselves for a look or two; what was told of first is what stays.
        const [first] = told;
        expect(incidents[0]?.id).toBe(first);
        expect(fold.incidents.filter(({ state }) => state === 'withdrawn')).toEqual([]);
      }
    },
  );
});
