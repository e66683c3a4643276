import { isInTimetable } from '@tongtang/lessons/class-lessons';
import type { Inventory, Satellite, School } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import type { SunOutage } from '@tongtang/satellite/sun-outages';
import { type LessonSource, type LessonTime, lessonsTouched } from './lesson-windows.ts';

/** What the inventory must have before sun outages can be computed. */
export const neededEntries = ['satellite', 'lat', 'lon'] as const;
export type NeededEntry = (typeof neededEntries)[number];

export const lessonsFrom = ['timetable', 'periods'] as const;
export type LessonsFrom = (typeof lessonsFrom)[number];

/** A period that an outage touches, in seconds since 1970. */
export type TouchedLesson = Readonly<Pick<LessonTime, 'n' | 'start' | 'end'>>;

/** The sun outages (日凌) of one school's dish in the season that is on, or comes next. */
export type SchoolSunOutages = Readonly<{
  /** What is not in the inventory; the rest is empty then. */
  missing: readonly NeededEntry[];
  /** The Earth is between school and satellite: there is neither signal nor outage. */
  belowHorizon: boolean;
  /** Where lessons are known from: the inventory's periods name them where no timetable does; absent where neither is there. */
  lessonsFrom?: LessonsFrom;
  /** What they were computed of. */
  dish?: Pick<Satellite, 'longitudeDeg' | 'downlinkGHz' | 'dishDiameterM' | 'assumed'>;
  /** In order, those of the season that are over included. Times in seconds since 1970. */
  outages: readonly (SunOutage & Readonly<{ lessons: readonly TouchedLesson[] }>)[];
}>;

/** Some 150 seconds of computing in all; what is asked for beyond is computed again. */
const mostYearsKept = 8000;
/** Seasons are half a year apart, their days follow each other. */
const betweenSeasonsS = 30 * 86_400;

/**
 * Computes sun outages when they are first asked for: a year of one school takes 20 ms, and changes with the inventory only.
 * @returns the question, for a moment in seconds since 1970
 */
export function openSunOutages(): (
  inventory: Inventory,
  timetable: Timetable | undefined,
  school: School,
  now: number,
) => Promise<SchoolSunOutages> {
  const years = new Map<string, readonly SunOutage[]>();
  return async (inventory, timetable, { id, lat, lon }, now) => {
    const { satellite } = inventory;
    const source = { inventory, timetable };
    const entries = { satellite, lat, lon };
    const missing = neededEntries.filter((name) => entries[name] === undefined);
    const none = { missing, belowHorizon: false, outages: [] };
    if (satellite === undefined || lat === undefined || lon === undefined) return none;

    // Loaded here: the ephemeris is 400 kB of code that the start of the hub need not wait for.
    const { sunOutages } = await import('@tongtang/satellite/sun-outages');
    const { lookAngles } = await import('@tongtang/satellite/look-angles');
    const { longitudeDeg, downlinkGHz, dishDiameterM, assumed } = satellite;
    const antenna = { downlinkGHz, dishDiameterM };
    const dish = { longitudeDeg, ...antenna, ...(assumed !== undefined && { assumed }) };
    // Height moves the times by a second for 4,500 m, so it is in no inventory.
    const place = { lat, lon, heightM: 0 };
    if (!lookAngles(place, longitudeDeg).aboveHorizon) return { ...none, dish, belowHorizon: true };
    const ofYear = (year: number): readonly SunOutage[] =>
      kept(JSON.stringify([lat, lon, longitudeDeg, downlinkGHz, dishDiameterM, year]), () =>
        sunOutages(place, longitudeDeg, antenna, year),
      );
    const year = new Date(now * 1000).getUTCFullYear();
    const outages = seasonAt([...ofYear(year), ...ofYear(year + 1)], now).map((outage) => ({
      ...outage,
      lessons: lessonsTouched(source, id, outage.begin, outage.end).filter(bySatellite).map(touched),
    }));
    return { ...none, ...lessonsKnownFrom(source, id), dish, outages };
  };

  function kept(key: string, compute: () => readonly SunOutage[]): readonly SunOutage[] {
    const found = years.get(key) ?? compute();
    const [oldest] = years.keys();
    if (!years.has(key) && years.size >= mostYearsKept && oldest !== undefined) years.delete(oldest);
    years.set(key, found);
    return found;
  }
}

/** The Sun is nothing to a lesson that comes by broadband. */
function bySatellite({ carriers }: LessonTime): boolean {
  return carriers?.includes('satellite') ?? true;
}

function touched({ n, start, end }: LessonTime): TouchedLesson {
  return { n, start, end };
}

function lessonsKnownFrom(source: LessonSource, school: string): { lessonsFrom?: LessonsFrom } {
  if (isInTimetable(source, school)) return { lessonsFrom: 'timetable' };
  return source.inventory.periods.length > 0 ? { lessonsFrom: 'periods' } : {};
}

/** The first season that is not over. */
function seasonAt(outages: readonly SunOutage[], now: number): SunOutage[] {
  const seasons: SunOutage[][] = [];
  for (const outage of outages) {
    const season = seasons.at(-1);
    const last = season?.at(-1);
    if (season === undefined || last === undefined || outage.begin - last.end > betweenSeasonsS)
      seasons.push([outage]);
    else season.push(outage);
  }
  return seasons.find((season) => (season.at(-1)?.end ?? 0) > now) ?? [];
}
