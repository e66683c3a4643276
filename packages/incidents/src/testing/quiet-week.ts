import { countyOf, monday } from './county.ts';
import { type Played, play } from './play.ts';
import { Random } from './random.ts';
import type { Arrival, TroubleOf } from './world.ts';
import { arrivalsOf } from './world.ts';

const dayS = 86_400;

/**
 * A week in which nothing is wrong: 5 % of the test packets are lost, PCs are switched on and off in order, some at noon, some
 * hard at the wall in the evening, one sleeps; and twice an agent's samples come an hour late, outside lessons.
 */
export function playQuietWeek(seed: number): Played & Readonly<{ samples: number }> {
  const topology = countyOf([3, 2, 1]);
  const random = new Random(seed);
  const habits = new Map(
    topology.agents.map(({ id }) => [
      id,
      {
        comes: random.between(7.2, 8.1),
        goes: random.between(18.3, 19),
        naps: random.next() < 0.3,
        wall: random.next() < 0.2,
      },
    ]),
  );
  const troubleOf: TroubleOf = ({ id, kind }, time) => {
    const habit = habits.get(id);
    if (kind === 'receiver' || habit === undefined) return {};
    const hour = ((time - monday) % dayS) / 3600;
    if (hour >= habit.goes) return { off: habit.wall ? 'hard' : 'order' };
    if (hour < habit.comes) return { off: habit.wall ? 'hard' : 'order' };
    return habit.naps && hour > 12.2 && hour < 13.8 ? { off: 'asleep' } : {};
  };
  const plan = {
    topology,
    from: monday,
    to: monday + 5 * dayS,
    seed,
    troubleOf,
    loss: 0.05,
    missing: new Set<string>(),
  };
  const late = [
    { agent: 's1-c1', from: monday + dayS + 12.3 * 3600, to: monday + dayS + 13.3 * 3600 },
    { agent: 's2-c1', from: monday + 3 * dayS + 12.3 * 3600, to: monday + 3 * dayS + 13.3 * 3600 },
  ];
  const arrivals = arrivalsOf(plan)
    .map((arrival): Arrival => {
      const held = late.find(
        (one) => one.agent === arrival.agent && arrival.at >= one.from && arrival.at < one.to,
      );
      return held === undefined ? arrival : { ...arrival, at: held.to };
    })
    .sort((a, b) => a.at - b.at);
  const samples = arrivals.reduce((sum, arrival) => sum + arrival.samples.length, 0);
  return { ...play(topology, arrivals, { to: plan.to, everyS: 10 }), samples };
}
