import type { Evidence, Incident, LessonHit } from '../api/answers.ts';

/** A stretch of a time axis: where it begins and how long it is, in percent of the whole. */
export type Stretch = Readonly<{ left: number; width: number }>;

/** A condition of one machine, or of all of a school together, with the times at which it was so. */
export type TimelineRow = Readonly<{
  key: string;
  evidence: Pick<Evidence, 'title' | 'school' | 'classroom'>;
  rooms: number;
  bars: readonly (Stretch & Readonly<{ from: number; to?: number }>)[];
}>;

export type Timeline = Readonly<{
  rows: readonly TimelineRow[];
  /** Conditions beyond those that are drawn. */
  more: number;
  lessons: readonly (Stretch & Readonly<{ start: number; end: number }>)[];
  ticks: readonly Readonly<{ at: number; left: number }>[];
  /** The present, where it is on the axis. */
  now?: number;
}>;

/** More help nobody. */
const mostRows = 40;
/** Less would be a bar without its surroundings. */
const leastMarginS = 300;
const mostTicks = 6;
/** The words of a mark that is nearer to an end of the axis would stick out, in percent. */
const edge = 4;
const steps = [
  60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600,
] as const;

/**
 * What was wrong when, laid on an axis that begins a little before it and ends a little after. Of an incident that is wider than a
 * school the machines of each school are taken together: a hundred are alike.
 * @param now hub time in seconds: what goes on ends there
 * @param dayBegins a midnight of the county, on which ticks fall
 */
export function timelineOf(
  { place, evidence, lessons, from, to }: Pick<Incident, 'place' | 'evidence' | 'lessons' | 'from' | 'to'>,
  now: number,
  dayBegins: number,
): Timeline {
  const end = Math.max(to ?? now, from + 1);
  const margin = Math.max(leastMarginS, (end - from) * 0.12);
  const [first, last] = [from - margin, end + margin];
  const at = (time: number): number =>
    (100 * (Math.min(Math.max(time, first), last) - first)) / (last - first);
  const stretch = (start: number, stop: number): Stretch => ({
    left: at(start),
    width: at(stop) - at(start),
  });
  const rows = new Map<string, Evidence[]>();
  for (const entry of evidence) {
    const key = keyOf(entry, place.school === undefined);
    rows.set(key, [...(rows.get(key) ?? []), entry]);
  }
  const drawn = [...rows].slice(0, mostRows);
  return {
    rows: drawn.flatMap(([key, entries]) => {
      const [head] = entries;
      if (head === undefined) return [];
      const bars = together(entries).map((times) => ({ ...stretch(times.from, times.to ?? end), ...times }));
      return [{ key, evidence: head, rooms: new Set(entries.map(({ classroom }) => classroom)).size, bars }];
    }),
    more: rows.size - drawn.length,
    lessons: hoursOf(lessons)
      .filter(({ start, end }) => start < last && end > first)
      .map((hour) => ({ ...stretch(hour.start, hour.end), ...hour })),
    ticks: ticksBetween(first, last, dayBegins)
      .map((tick) => ({ at: tick, left: at(tick) }))
      .filter(({ left }) => left > edge && left < 100 - edge),
    ...(now < last && { now: at(now) }),
  };
}

function keyOf({ title, school, classroom, agent, target = '' }: Evidence, bySchool: boolean): string {
  return (bySchool ? [title.en, school] : [title.en, school, classroom, agent, target]).join('/');
}

type Times = Readonly<{ from: number; to?: number }>;

/** Times of which some may overlap, as those at which there was any. */
function together(entries: readonly Times[]): Times[] {
  const whole: Times[] = [];
  for (const { from, to } of [...entries].sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    const lastTo = last?.to ?? Number.POSITIVE_INFINITY;
    if (last === undefined || lastTo < from) whole.push({ from, ...(to !== undefined && { to }) });
    else {
      const later = Math.max(lastTo, to ?? Number.POSITIVE_INFINITY);
      whole.splice(-1, 1, { from: last.from, ...(later < Number.POSITIVE_INFINITY && { to: later }) });
    }
  }
  return whole;
}

/** Lessons of many classes at the same time are one on the axis. */
function hoursOf(lessons: readonly LessonHit[]): Pick<LessonHit, 'start' | 'end'>[] {
  const hours = new Map(lessons.map(({ start, end }) => [`${start} ${end}`, { start, end }]));
  return [...hours.values()];
}

function ticksBetween(first: number, last: number, dayBegins: number): number[] {
  const step = steps.find((candidate) => (last - first) / candidate <= mostTicks) ?? 2_592_000;
  const begin = dayBegins + Math.ceil((first - dayBegins) / step) * step;
  const count = Math.max(0, Math.floor((last - begin) / step) + 1);
  return Array.from({ length: count }, (_, index) => begin + index * step);
}
