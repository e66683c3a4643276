import type { FieldValue, Series } from '../api/answers.ts';
import { wallClock } from '../format/time.ts';

/** One direction of a test: its rate in bit/s, and why it ended early, where it did. */
export type Direction = Readonly<{ rate?: number; cutShort?: string }>;
/** One test of the bandwidth. */
export type LineTest = Readonly<{ time: number; agent: string; download: Direction; upload: Direction }>;

export const directions = ['download', 'upload'] as const;
export type DirectionName = (typeof directions)[number];

/** Answers of the hub on one time axis. */
export type TestSeries = Readonly<Record<DirectionName, Readonly<{ rate: Series; cutShort: Series }>>>;

/** The tests, the newest first. Of those that an agent made within one bucket the last counts. */
export function testsOf(series: TestSeries): LineTest[] {
  const tests = new Map<string, { time: number; agent: string; download: Direction; upload: Direction }>();
  for (const direction of directions) {
    for (const name of ['rate', 'cutShort'] as const)
      for (const { time, agent, value } of valuesOf(series[direction][name])) {
        const key = `${agent} ${time}`;
        const test = tests.get(key) ?? { time, agent, download: {}, upload: {} };
        if (typeof value === (name === 'rate' ? 'number' : 'string'))
          test[direction] = { ...test[direction], [name]: value };
        tests.set(key, test);
      }
  }
  return [...tests.values()].sort((a, b) => b.time - a.time || a.agent.localeCompare(b.agent));
}

function* valuesOf({ times, series }: Series): Generator<{ time: number; agent: string; value: FieldValue }> {
  for (const { tags, values } of series)
    for (const [index, value] of values.entries()) {
      const time = times[index];
      if (value !== null && value !== '' && time !== undefined)
        yield { time, agent: tags.agent ?? '', value };
    }
}

/** A day in the county: the best of its tests, those that ran to their end before those that did not. */
export type Day = Readonly<{ date: string; time: number }> & Readonly<Record<DirectionName, Direction>>;

/**
 * The last days, the oldest first, those without a test included.
 * @param now hub time in seconds
 */
export function daysOf(tests: readonly LineTest[], now: number, count: number, timeZone: string): Day[] {
  const dateOf = (seconds: number): string => wallClock(seconds, timeZone).slice(0, 10);
  return Array.from({ length: count }, (_, index) => {
    const time = now - (count - 1 - index) * 86_400;
    const date = dateOf(time);
    const ofDay = tests.filter((test) => dateOf(test.time) === date);
    return { date, time, download: best(ofDay, 'download'), upload: best(ofDay, 'upload') };
  });
}

function best(tests: readonly LineTest[], direction: DirectionName): Direction {
  const measured = tests.map((test) => test[direction]).filter(({ rate }) => rate !== undefined);
  const [first = {}] = measured.sort(
    (a, b) =>
      Number(a.cutShort !== undefined) - Number(b.cutShort !== undefined) || (b.rate ?? 0) - (a.rate ?? 0),
  );
  return first;
}

/** The middle rate of the tests that ran to their end, in bit/s; undefined without one. */
export function medianRate(tests: readonly LineTest[], direction: DirectionName): number | undefined {
  const rates = tests
    .map((test) => test[direction])
    .flatMap(({ rate, cutShort }) => (rate === undefined || cutShort !== undefined ? [] : [rate]))
    .sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)];
}
