import { createHash } from 'node:crypto';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { CheckedHead, ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { type CountyDay, countyDay, daysIn } from '../minutes/county-day.ts';
import type { Work } from './work.ts';

/** Lessons that were checked of late: of those before and after nothing changes any more, or yet. Seconds. */
const checkedS = 3600;

/** What the days of a county are made of, but for incidents, which spoil the days that they lie in. */
export type CountyInputs = Readonly<{
  /** As far as days are made of it. */
  inventory: Inventory;
  timetable: Timetable | undefined;
  /** Of each day of which minutes are kept, the first one first. */
  stamps: ReadonlyMap<PlainDate, string>;
  settledTo: number;
  work: readonly Work[];
  /** Of lessons just before and after now. */
  checked: readonly CheckedHead[];
}>;

/** A day, and what its sheet is made of, but for its lessons: another text where any of it is other than before. */
export type DayInputs = Readonly<{ day: CountyDay; madeOf: string }>;

const known = new WeakMap<Inventory, Inventory>();

/** An inventory without what no day is made of: where a school is on the map, what is measured there, or whose line it has. */
export function inventoryOfDays(inventory: Inventory): Inventory {
  const before = known.get(inventory);
  if (before !== undefined) return before;
  const { county, satellite, schools, periods } = inventory;
  const some = {
    county,
    ...(satellite && { satellite }),
    schools: schools.map(
      ({ id, name, mode, frontEnd, cluster, classes }): School => ({
        id,
        name,
        ...(mode && { mode }),
        ...(frontEnd && { frontEnd }),
        ...(cluster && { cluster }),
        classes,
        classrooms: [],
      }),
    ),
    periods,
    frontEndSchools: [],
    platforms: [],
    clusters: [],
    targets: [],
  };
  known.set(inventory, some);
  return some;
}

/** The days of a county from the first of which anything is known, the newest first. @param now hub time in seconds */
export function daysOf(inputs: CountyInputs, now: number): DayInputs[] {
  const { inventory, stamps, settledTo, work, checked } = inputs;
  const { timezone } = inventory.county;
  const today = dayOf(now, timezone);
  const [first = today] = stamps.keys();
  const days = daysIn(Math.min(countyDay(first, timezone).start, now), now + 1, timezone);
  return days.reverse().map((day) => {
    const own = work.filter(({ start, end }) => start < day.end && end > day.start);
    const heads = checked.filter(({ start }) => start >= day.start && start < day.end);
    const said = heads.map((one) => `${one.school} ${one.class} ${one.start} ${one.at} ${one.state}`);
    const parts = [
      fingerprintOfObject(inventory),
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
