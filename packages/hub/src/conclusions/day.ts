import { type ClassLesson, classLessonsOf, type LessonSource } from '@tongtang/lessons/class-lessons';
import type { OutcomeOfLesson, SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import {
  availabilityOf,
  coverageOf,
  sumOf,
  type Tally,
  tallyOf,
} from '@tongtang/lessons/delivery/minute-state';
import { tell } from '@tongtang/lessons/readiness/telling';
import { type Conclusion, type ConclusionOf, toCome } from '@tongtang/model/conclusions';
import { causeTitles } from '@tongtang/model/incident';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { Readiness } from '@tongtang/model/readiness';
import type { CheckedLesson } from '@tongtang/store/readiness/readiness-results';
import { Availability } from '../minutes/availability.ts';
import type { CountyDay } from '../minutes/county-day.ts';
import type { Sheet } from './sheet.ts';
import type { Work } from './work.ts';

/** Days of UTC, by which InfluxQL groups, are days of the county where what is of a day stands at its noon: from UTC-11 to UTC+12. */
function noonOf({ start, end }: CountyDay): number {
  return start + Math.floor((end - start) / 2);
}

/** All that a day of a county has in it. @param points of its schools, and of announced work */
export function daySheet(
  county: string,
  { date, start, end }: CountyDay,
  points: readonly Conclusion[],
): Sheet {
  return {
    id: dayId(county, date),
    points,
    realms: [
      ...(['lesson', 'school_day', 'link_day'] as const).map((measurement) => ({
        measurement,
        tags: { county },
        from: start,
        to: end,
      })),
      { measurement: 'announced', tags: { county, kind: 'maintenance' }, from: start, to: end },
    ],
  };
}

export function dayId(county: string, date: string): string {
  return `day ${county} ${date}`;
}

type Found = Readonly<{
  source: LessonSource & Readonly<{ inventory: Inventory }>;
  day: CountyDay;
  /** Of those lessons of a school that are over; absent where nothing of the day is settled. */
  outcome: SchoolDay | undefined;
  /** What was found before lessons of a school that begin at these times. */
  checked: (school: string, starts: readonly number[]) => readonly CheckedLesson[];
}>;

/** The lessons of a school on a day, those to come among them, and what the day was for school and links. */
export function schoolPoints(school: School, found: Found): Conclusion[] {
  const { outcome } = found;
  const lessons = classLessonsOf(found.source, school, found.day.date);
  const over = new Map(outcome?.lessons.map((lesson) => [`${lesson.class} ${lesson.start}`, lesson]));
  const checked = new Map(
    found
      .checked(school.id, [...new Set(lessons.map(({ start }) => start))])
      .map(({ class: of, start, readiness }) => [`${of} ${start}`, readiness]),
  );
  const points = lessons.map((lesson) => {
    const key = `${lesson.class} ${lesson.start}`;
    return lessonPoint(found, school, over.get(key) ?? lesson, checked.get(key));
  });
  return outcome === undefined ? points : [...points, ...dayPoints(found, school, outcome)];
}

function lessonPoint(
  { source }: Found,
  { id, name, cluster, classes }: School,
  lesson: ClassLesson | OutcomeOfLesson,
  readiness: Readiness | undefined,
): ConclusionOf<'lesson'> {
  const { county } = source.inventory;
  const of = classes.find((one) => one.id === lesson.class)?.name;
  const outcome = 'state' in lesson ? lesson : undefined;
  const worst = readiness?.checks.find(({ state }) => state !== 'ready');
  const told = readiness && worst && tell(worst, readiness.at, county.timezone);
  const [lost] = outcome?.lost ?? [];
  const cause = lost && causeTitles[lost.cause];
  return {
    measurement: 'lesson',
    tags: { county: county.id, ...(cluster !== undefined && { cluster }), school: id, class: lesson.class },
    time: lesson.start,
    fields: {
      school_zh: name.zh,
      school_en: name.en,
      class_zh: of?.zh ?? lesson.class,
      class_en: of?.en ?? lesson.class,
      classroom: lesson.classroom,
      period: lesson.period,
      subject: lesson.subject ?? '',
      mode: lesson.mode,
      end_ms: lesson.end * 1000,
      state: outcome?.state ?? (lesson.cancelled ? 'not-held' : toCome),
      readiness: readiness?.state ?? '',
      why_zh: told?.why.zh ?? '',
      why_en: told?.why.en ?? '',
      todo_zh: told?.todo?.zh ?? '',
      todo_en: told?.todo?.en ?? '',
      cause_zh: cause?.zh ?? '',
      cause_en: cause?.en ?? '',
      incident: lost?.incident ?? '',
      lost_minutes: outcome?.minutes.down ?? 0,
      // What was cancelled needed nothing.
      ...figures(outcome === undefined || lesson.cancelled ? tallyOf([]) : outcome.minutes),
    },
  };
}

function dayPoints({ source, day }: Found, { id, name, cluster }: School, outcome: SchoolDay): Conclusion[] {
  const tags = { county: source.inventory.county.id, ...(cluster !== undefined && { cluster }), school: id };
  const names = { name_zh: name.zh, name_en: name.en };
  const time = noonOf(day);
  const added = new Availability();
  added.add([outcome]);
  const classes = added.schools().flatMap((one) => one.classes);
  const count = (state: keyof (typeof classes)[number]['lessons']): number =>
    classes.reduce((sum, { lessons }) => sum + lessons[state], 0);
  const minutes = sumOf(classes.map((one) => one.minutes));
  return [
    {
      measurement: 'school_day',
      tags,
      time,
      fields: {
        ...names,
        delivered: count('delivered'),
        degraded: count('degraded'),
        lost: count('lost'),
        not_held: count('not-held'),
        unknown: count('unknown'),
        lost_minutes: minutes.down,
        ...figures(minutes),
      },
    },
    ...outcome.links.map(({ link, lessons, always }): ConclusionOf<'link_day'> => {
      const [inLessons, all] = [figures(lessons), figures(always)];
      return {
        measurement: 'link_day',
        tags: { ...tags, link },
        time,
        fields: {
          ...names,
          lessons_up: inLessons.up,
          lessons_known: inLessons.known,
          lessons_scheduled: inLessons.scheduled,
          always_up: all.up,
          always_known: all.known,
          always_scheduled: all.scheduled,
        },
      };
    }),
  ];
}

/** Minutes that were up, that are known, and in which something could have been known. */
function figures(minutes: Tally): { up: number; known: number; scheduled: number } {
  const [available, coverage] = [availabilityOf(minutes), coverageOf(minutes)];
  return { up: available.part, known: available.of, scheduled: coverage.of };
}

/** Announced work that begins on a day. */
export function workPoints(
  { county, schools }: Inventory,
  { start, end }: CountyDay,
  work: readonly Work[],
): ConclusionOf<'announced'>[] {
  const points = new Map<string, ConclusionOf<'announced'>>();
  for (const one of work) {
    if (one.start < start || one.start >= end) continue;
    const school = schools.find(({ id }) => id === one.school);
    const key = `${one.school} ${one.start}`;
    const before = points.get(key)?.fields;
    const text = [...(before === undefined ? [] : [before.text_zh]), one.note].join('; ');
    points.set(key, {
      measurement: 'announced',
      tags: {
        county: county.id,
        ...(school?.cluster !== undefined && { cluster: school.cluster }),
        ...(one.school !== undefined && { school: one.school }),
        kind: 'maintenance',
      },
      time: Math.floor(one.start),
      fields: {
        name_zh: (school?.name ?? county.name).zh,
        name_en: (school?.name ?? county.name).en,
        text_zh: text,
        text_en: text,
        end_ms: Math.max(before?.end_ms ?? 0, Math.floor(one.end) * 1000),
        lessons: 0,
      },
    });
  }
  return [...points.values()];
}
