import { classLessonsOf } from '@tongtang/lessons/class-lessons';
import { county } from '@tongtang/lessons/county.fixture';
import { needsOf } from '@tongtang/lessons/delivery/lesson-needs';
import { type MinuteState, tallyOf } from '@tongtang/lessons/delivery/minute-state';
import { outcomeOf } from '@tongtang/lessons/delivery/outcome';
import { lessonRuns, linkRuns, type TracedDay, type TracedLink } from '@tongtang/lessons/delivery/trace';
import { secondsAt } from '@tongtang/lessons/plain-date';
import type { Incident } from '@tongtang/model/incident';
import type { LinkKind } from '@tongtang/model/link';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
import type { TracedSlice } from './explain/evidence.ts';
import { makeReport, type ReportInput, scopeOf, usualObjective } from './make-report.ts';
import { daysOf, type Period, periodBefore, rangePeriod } from './period.ts';
import type { Report } from './report.ts';
import type { ReportDay } from './sums.ts';

/** Monday to Sunday, 23 to 29 November 2026. */
export const week: Period = rangePeriod('2026-11-23', '2026-11-29');

/** What each minute of a lesson of a class on a day was; absent: all good. */
export type Told = (date: PlainDate, school: string, of: string, period: number) => Minutes | undefined;
type Minutes = readonly MinuteState[];

export const clock = (date: PlainDate, time: string): number => secondsAt(date, time, county.county.timezone);

/** A day of the county of the timetable's tests, with three lessons of each of its three classes, and the minutes behind it. */
export function dayOf(date: PlainDate, told: Told, incidents: readonly Incident[] = []): TracedSlice {
  const schools = county.schools.map((school): TracedDay => {
    const hitting = incidents.filter(({ place }) => place.school === school.id);
    const lessons = classLessonsOf({ inventory: county }, school, date).map((lesson) => {
      const minutes = told(date, school.id, lesson.class, lesson.period) ?? begun('good', 40);
      const needs = needsOf(lesson);
      const view = { classroom: [], school: new Map(needs.map((link) => [link, minutes])) };
      const runs = lessonRuns({ start: lesson.start, needs, view }, { carried: minutes, minutes }, hitting);
      return { ...lesson, ...outcomeOf(lesson, minutes, hitting), runs, witnesses: [] };
    });
    const link = school.id === 'hb3z' ? ('broadband' as const) : ('platform' as const);
    return {
      school: school.id,
      lessons,
      links: [goodLink(link, date, lessons.length * 40)],
      inputs: [inputOf(school.id)],
    };
  });
  return { date, schools };
}

/** Good in the first minutes of a day, in which there are lessons, and then unknown. */
function goodLink(link: LinkKind, date: PlainDate, good: number): TracedLink {
  const unknown = 100;
  const at = Array.from({ length: good + unknown }, (_, index) => index);
  const minutes = at.map((index): MinuteState => (index < good ? 'good' : 'unknown'));
  const [inLessons, start] = [at.slice(0, good), clock(date, '00:00')];
  return {
    link,
    lessons: tallyOf(minutes.slice(0, good)),
    always: tallyOf(minutes),
    runs: { lessons: linkRuns(minutes, inLessons, start), always: linkRuns(minutes, at, start) },
    witnesses: [],
  };
}

function inputOf(school: string): TracedDay['inputs'][number] {
  return { agent: `${school}-c1`, revision: 1, fingerprint: 'f' };
}

/** So many minutes of a lesson of 40 in a state, the others good. */
export function begun(state: MinuteState, count: number): MinuteState[] {
  return Array.from({ length: 40 }, (_, at) => (at < count ? state : 'good'));
}

/** The line of hb3z, cut on Monday from 08:30 to 08:50. */
export const cut: Incident = {
  id: 'q7x2',
  state: 'resolved',
  place: { node: 'broadband', county: 'qilian', school: 'hb3z' },
  cause: 'line-cut',
  confidence: 'high',
  row: 'line-cut',
  from: clock('2026-11-23', '08:30'),
  openedAt: clock('2026-11-23', '08:31'),
  to: clock('2026-11-23', '08:50'),
  flapping: false,
  evidence: [],
  history: [],
};

/** Some visits before the week and in it; the last one is later. */
export const registered: readonly Visit[] = (
  [
    ['hb3z', '2026-09-03', 'first', 'dish pointed anew'],
    ['hb3z', '2026-11-24', 'service', ''],
    ['babao', '2026-08-28', 'service', '=1+1'],
    ['babao', '2026-11-24', 'inspection', ''],
    ['babao', '2026-06-30', 'inspection', 'of the school year before'],
    ['babao', '2026-11-30', 'inspection', 'after the week'],
  ] as const
).map(([school, date, kind, note], at) => ({
  ...{ id: `v-${at}`, school, date, kind, note },
  ...{ enteredBy: 'zhang', enteredAt: clock('2026-12-01', '08:00') },
}));

/** The cut takes 20 minutes of both classes of hb3z, another 10 of the primary school have no known cause, and 40 are not known. */
export const troubled: Told = (date, school, _, period) => {
  if (date === '2026-11-23' && school === 'hb3z' && period === 1) return begun('down', 20);
  if (date === '2026-11-24' && school === 'babao' && period === 1) return begun('down', 10);
  if (date === '2026-11-25' && school === 'babao' && period === 1) return begun('unknown', 40);
  return undefined;
};

export function reportOf(more: Partial<ReportInput> = {}, told: Told = troubled): Promise<Report> {
  const { period = week, incidents = [cut] } = more;
  const scope = scopeOf(county, 'county', 'qilian');
  if (scope === undefined) throw new Error('no county');
  const before = periodBefore(period, []);
  return makeReport({
    inventory: county,
    scope,
    period,
    before,
    objective: usualObjective,
    settledTo: clock('2026-12-01', '00:00'),
    days: each(period, (date) => dayOf(date, told, incidents)),
    daysBefore: each(before, (date) => dayOf(date, () => undefined)),
    incidents,
    visits: registered,
    isSimulated: false,
    ...more,
  });
}

export async function* each<Day extends ReportDay>(
  period: Period,
  day: (date: PlainDate) => Day,
): AsyncGenerator<Day> {
  for (const date of daysOf(period)) yield day(date);
}
