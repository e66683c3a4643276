import { createHash } from 'node:crypto';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { CheckedHead, ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { type CountyDay, countyDay, daysIn } from '../minutes/county-day.ts';
import type { Work } from './work.ts';

/** Lessons that were checked of late: of those before and after nothing changes any more, or yet. Seconds. */
const checkedS = 3600;

/** What the days of a county are made of, but for incidents, which spoil the days that they lie in. */
export type CountyInputs = Readonly<{
  inventory: Inventory;
  timetable: Timetable | undefined;
  /** Of inventory and timetable. */
  source: string;
  /** Of each day of which minutes are kept, the first one first. */
  stamps: ReadonlyMap<PlainDate, string>;
  settledTo: number;
  work: readonly Work[];
  /** Of lessons just before and after now. */
  checked: readonly CheckedHead[];
}>;

/** A day, and what its sheet is made of: another text where any of it is other than before. */
export type DayInputs = Readonly<{ day: CountyDay; madeOf: string }>;

/** The days of a county from the first of which anything is known, the newest first. @param now hub time in seconds */
export function daysOf(inputs: CountyInputs, now: number): DayInputs[] {
  const { inventory, stamps, settledTo, work, source, checked } = inputs;
  const { timezone } = inventory.county;
  const today = dayOf(now, timezone);
  const [first = today] = stamps.keys();
  const days = daysIn(Math.min(countyDay(first, timezone).start, now), now + 1, timezone);
  return days.reverse().map((day) => {
    const own = work.filter(({ start, end }) => start < day.end && end > day.start);
    const heads = checked.filter(({ start }) => start >= day.start && start < day.end);
    const said = heads.map((one) => `${one.school} ${one.class} ${one.start} ${one.at} ${one.state}`);
    const parts = [
      source,
      stamps.get(day.date) ?? '',
      Math.max(day.start, Math.min(settledTo, day.end)),
      own.length === 0 ? '' : fingerprintOf(JSON.stringify(own)),
      said.length === 0 ? '' : fingerprintOf(said.join()),
    ];
    return { day, madeOf: parts.join(' ') };
  });
}

export function checkedAround(
  readiness: Pick<ReadinessResults, 'heads'>,
  county: string,
  now: number,
): CheckedHead[] {
  return readiness.heads(county, now - checkedS, now + checkedS);
}

const fingerprints = new WeakMap<object, string>();

/** Of what the registry has: another object where it changed. */
export function fingerprintOfObject(object: object | undefined): string {
  if (object === undefined) return '';
  const known = fingerprints.get(object) ?? fingerprintOf(JSON.stringify(object));
  fingerprints.set(object, known);
  return known;
}

export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
