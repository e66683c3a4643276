import type { FieldValue, Series } from '../api/answers.ts';

/** What a receiver said at a time: lock, none, or nothing at all. */
export type Lock = 'locked' | 'unlocked' | 'unanswered';

/** How a reading counts; undefined for one that says nothing. */
export function lockOf(
  locked: FieldValue | null | undefined,
  ok: FieldValue | null | undefined,
): Lock | undefined {
  const lock = toNumber(locked);
  if (lock !== undefined) return lock === 1 ? 'locked' : 'unlocked';
  return toNumber(ok) === 0 ? 'unanswered' : undefined;
}

/**
 * The strip's places: the worst of each bucket, since a short loss of lock is what people look for.
 * @param locked lowest value of each bucket, 1 or 0
 * @param ok the same of the runs' success
 */
export function stripOf(
  locked: readonly (number | null)[],
  ok: readonly (number | null)[],
): (Lock | undefined)[] {
  return Array.from({ length: Math.max(locked.length, ok.length) }, (_, index) => {
    if (locked[index] === 0) return 'unlocked';
    if (ok[index] === 0) return 'unanswered';
    return locked[index] === 1 ? 'locked' : undefined;
  });
}

/** Neighbours that are alike, as one: from the first to the last place. */
export type Span = Readonly<{ lock: Lock; from: number; to: number }>;

/**
 * @param bridged how many empty places between two that are alike are only the pause between two readings
 */
export function spansOf(strip: readonly (Lock | undefined)[], bridged: number): Span[] {
  const spans: { lock: Lock; from: number; to: number }[] = [];
  for (const [place, lock] of strip.entries()) {
    if (lock === undefined) continue;
    const last = spans.at(-1);
    if (last?.lock === lock && place - last.to <= bridged + 1) last.to = place;
    else spans.push({ lock, from: place, to: place });
  }
  return spans;
}

/** Lowest and highest lock and success in buckets of some width, over a time that is long enough. */
export type Coarse = Readonly<{ lowest: Series; highest: Series; ok: Series }>;

/**
 * The start of the newest bucket in which not everything was as it is now; the change is in it or in the next with readings.
 * @returns undefined where there is none
 */
export function bucketOfChange({ lowest, highest, ok }: Coarse, now: Lock): number | undefined {
  const at = (series: Series): ReadonlyMap<number, FieldValue | null | undefined> =>
    new Map(series.times.map((time, index) => [time, series.series[0]?.values[index]]));
  const [low, high, succeeded] = [at(lowest), at(highest), at(ok)];
  const differs = (time: number): boolean => {
    const [least, most, success] = [low.get(time), high.get(time), succeeded.get(time)].map(toNumber);
    if (now === 'unanswered') return least !== undefined || most !== undefined;
    if (success === 0) return true;
    return now === 'locked' ? least === 0 : most === 1;
  };
  const times = [...new Set([...low.keys(), ...high.keys(), ...succeeded.keys()])];
  const found = times.filter(differs);
  return found.length === 0 ? undefined : Math.max(...found);
}

/** When the present state began, out of single readings; undefined where they are all alike. */
export function changeIn(locked: Series, ok: Series, now: Lock): number | undefined {
  const lockedAt = new Map(locked.times.map((time, index) => [time, locked.series[0]?.values[index]]));
  const okAt = new Map(ok.times.map((time, index) => [time, ok.series[0]?.values[index]]));
  const readings = [...new Set([...lockedAt.keys(), ...okAt.keys()])]
    .sort((a, b) => a - b)
    .map((time) => ({ time, lock: lockOf(lockedAt.get(time), okAt.get(time)) }))
    .filter(({ lock }) => lock !== undefined);
  const other = readings.map(({ lock }) => lock !== now).lastIndexOf(true);
  return other === -1 ? undefined : readings[other + 1]?.time;
}

/** The oldest time that has a value. */
export function firstIn({ times, series }: Series): number | undefined {
  return times.find((_, index) => series.some(({ values }) => (values[index] ?? null) !== null));
}

function toNumber(value: FieldValue | null | undefined): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : undefined;
}
