import { Noise } from './noise.ts';
import type { Day, SchoolDays } from './school-days.ts';

/** What a machine does, and since when: `off` was switched off in order. */
export type Power = Readonly<{
  state: 'on' | 'off' | 'asleep';
  since: number;
  /** Of one that slept: when it was switched on before, and for how long it slept, in seconds. */
  bootedAt?: number;
  sleptS?: number;
}>;

/** Shares of school days: a PC that nobody switches on, that is left on over night, that sleeps or is off at noon. */
const habits = { absent: 0.015, leftOn: 0.03, asleepAtNoon: 0.15, offAtNoon: 0.08 } as const;
/** Somebody prepares lessons on a weekend or in holidays. */
const workOnFreeDay = 0.06;
const minute = 60;

/** When people switch a classroom's PC on and off. */
export class People {
  readonly #noise: Noise;
  readonly #days: SchoolDays;
  readonly #known = new Map<number, readonly Power[]>();

  /** @param name of the machine */
  constructor(seed: number, name: string, days: SchoolDays) {
    this.#noise = new Noise(seed, `${name} people`);
    this.#days = days;
  }

  at(time: number): Power {
    const day = this.#days.at(time);
    let turns = this.#known.get(day.start);
    if (turns === undefined) {
      turns = turnsOf(day, this.#noise.draws(day.start));
      this.#known.set(day.start, turns);
    }
    return turns.findLast(({ since }) => since <= time) ?? { state: 'off', since: day.start };
  }
}

/** In order. Each day begins with a PC that is off, be it left on the evening before: cleaners find it. */
function turnsOf(day: Day, draw: () => number): Power[] {
  const [absent, on, noon, off, leftOn] = [draw(), draw(), draw(), draw(), draw()];
  const midnight: Power = { state: 'off', since: day.start };
  const first = day.lessons[0]?.[0];
  const last = day.lessons.at(-1)?.[1];
  if (first === undefined || last === undefined) {
    if (absent >= workOnFreeDay) return [midnight];
    const from = day.start + Math.round((9 + 2 * on) * 60) * minute;
    return [
      midnight,
      { state: 'on', since: from },
      { state: 'off', since: from + Math.round(40 + 90 * off) * minute },
    ];
  }
  if (absent < habits.absent) return [midnight];
  const bootedAt = Math.round(first - (12 + 30 * on) * minute);
  return [
    midnight,
    { state: 'on', since: bootedAt },
    ...atNoon(day, noon, bootedAt),
    ...(leftOn < habits.leftOn
      ? []
      : [{ state: 'off', since: Math.round(last + (5 + 45 * off) * minute) } as const]),
  ];
}

/** The longest break of the day, where it is an hour or more. */
function atNoon({ lessons }: Day, chance: number, bootedAt: number): Power[] {
  const gaps = lessons.flatMap(([start], index) => {
    const before = lessons[index - 1];
    return before === undefined ? [] : [{ from: before[1], to: start }];
  });
  const longest = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (longest === undefined || longest.to - longest.from < 60 * minute) return [];
  const [from, to] = [longest.from + 12 * minute, longest.to - 16 * minute];
  if (chance < habits.asleepAtNoon)
    return [
      { state: 'asleep', since: from },
      { state: 'on', since: to, bootedAt, sleptS: to - from },
    ];
  if (chance < habits.asleepAtNoon + habits.offAtNoon)
    return [
      { state: 'off', since: from },
      { state: 'on', since: to },
    ];
  return [];
}
