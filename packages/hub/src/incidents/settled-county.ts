import type { LessonTimes, Topology } from '@tongtang/incidents/topology';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { inSlices } from '@tongtang/runtime/slices';
import type { Registry } from '@tongtang/store/registry/open';
import type { openSunOutages, SchoolSunOutages } from '../sun-outages.ts';
import { LessonBook } from './lesson-book.ts';
import { reportIntervals } from './report-intervals.ts';

export type CountySource = Readonly<{
  registry: Pick<Registry, 'inventories' | 'timetable' | 'formerTimetables' | 'agents'>;
  sunOutages: ReturnType<typeof openSunOutages>;
  bytesPerDay: number;
}>;

/** A county as incidents are looked for in it. */
export type SettledCounty = Readonly<{
  inventory: Inventory;
  timetable: Timetable | undefined;
  topology: Topology;
  /** The day on which it was put together. */
  today: PlainDate;
  book: LessonBook;
  /** By the timetables before the present one, and until when each counted; the oldest first. */
  formerBooks: readonly Readonly<{ until: number; book: LessonBook }>[];
  /** From when on the topology has lessons. Hub time in seconds. */
  lessonsFrom: number;
}>;

const dayS = 86_400;
/** What began on the day before, and what incidents look ahead to. */
const daysAround = { before: 1, after: 2 } as const;
/** Raw samples are gone by then: so far back nothing is found anew. Seconds. */
export const longestS = 32 * dayS;

/**
 * Puts together what the registry knows of a county, in slices.
 * @param earliest what lasted since this time may be looked at. Hub time in seconds
 * @param known what was put together before: of the same inventory and timetable it keeps what takes long
 * @throws where the county has no inventory
 */
export async function settledCounty(
  { registry, bytesPerDay }: Omit<CountySource, 'sunOutages'>,
  county: string,
  earliest: number,
  now: number,
  known?: SettledCounty,
): Promise<SettledCounty> {
  const inventory = registry.inventories().find((one) => one.county.id === county);
  if (inventory === undefined) throw new Error(`county "${county}" has no inventory`);
  const timetable = registry.timetable(county);
  const { timezone } = inventory.county;
  const today = dayOf(now, timezone);
  const isSame = known?.inventory === inventory && known?.timetable === timetable && known?.today === today;
  const book = isSame && known !== undefined ? known.book : new LessonBook(inventory, timetable);
  const lessonsFrom = Math.max(Math.min(earliest, now), now - longestS);
  const first = plusDays(dayOf(lessonsFrom, timezone), -daysAround.before);
  const last = plusDays(today, daysAround.after);
  const lessons = await lessonTimes(inventory, book, first, last);
  const formerBooks =
    isSame && known !== undefined && known.lessonsFrom <= lessonsFrom
      ? known.formerBooks.filter(({ until }) => until > lessonsFrom)
      : registry
          .formerTimetables(county, lessonsFrom)
          .map((former) => ({ until: former.until, book: new LessonBook(inventory, former.timetable) }));
  const formerLessons: { until: number; lessons: LessonTimes | undefined }[] = [];
  for (const { until, book: former } of formerBooks)
    formerLessons.push({
      until,
      lessons: await lessonTimes(inventory, former, first, dayOf(until + dayS, timezone)),
    });
  return {
    inventory,
    timetable,
    today,
    book,
    formerBooks,
    lessonsFrom,
    topology: {
      county,
      timezone,
      schools: inventory.schools.map(({ id, provider, frontEnd, thresholds }) => ({
        id,
        ...(provider !== undefined && { provider }),
        ...(frontEnd !== undefined && { frontEnd }),
        ...(thresholds !== undefined && { thresholds }),
      })),
      agents: registry
        .agents()
        .filter(({ place }) => place.county === county)
        .map(({ id, kind, place: { school, classroom } }) => ({ id, kind, school, classroom })),
      lessons,
      formerLessons,
      sunOutages: known?.topology.sunOutages ?? new Map(),
      ...reportIntervals(bytesPerDay),
    },
  };
}

/** The sun outages of all schools of a county, this season's or the next one's, in slices: a year of one school takes 20 ms. */
export async function countySunOutages(
  { sunOutages }: Pick<CountySource, 'sunOutages'>,
  { inventory, timetable }: SettledCounty,
  now: number,
): Promise<ReadonlyMap<string, SchoolSunOutages['outages']>> {
  const outages = new Map<string, SchoolSunOutages['outages']>();
  let next = 0;
  await inSlices(async (enough) => {
    for (; next < inventory.schools.length && !enough(); next += 1) {
      const school = inventory.schools[next];
      if (school !== undefined)
        outages.set(school.id, (await sunOutages(inventory, timetable, school, now)).outages);
    }
    return next < inventory.schools.length;
  });
  return outages;
}

/** What was known of lessons at a time: what is over is told of by that. */
export function bookAt({ book, formerBooks }: SettledCounty, time: number): LessonBook {
  return formerBooks.find(({ until }) => time < until)?.book ?? book;
}

/** When any class has lessons, in slices; undefined where nobody has said when there are any. */
async function lessonTimes(
  inventory: Inventory,
  book: LessonBook,
  first: PlainDate,
  last: PlainDate,
): Promise<LessonTimes | undefined> {
  if (!book.isFilled) return undefined;
  const lessons: { school: string; start: number; end: number }[] = [];
  let next = 0;
  await inSlices((enough) => {
    for (; next < inventory.schools.length && !enough(); next += 1)
      lessons.push(...windowsOf(book, inventory.schools[next]?.id ?? '', first, last));
    return next < inventory.schools.length;
  });
  return lessons;
}

/** When any class of a school has lessons; classes share their periods. */
function windowsOf(
  book: LessonBook,
  school: string,
  first: string,
  last: string,
): { school: string; start: number; end: number }[] {
  const windows = new Map<string, { school: string; start: number; end: number }>();
  for (let date = first; date <= last; date = plusDays(date, 1))
    for (const { start, end } of book.of(school, date))
      windows.set(`${start}/${end}`, { school, start, end });
  return [...windows.values()];
}
