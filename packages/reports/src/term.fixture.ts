import { classLessonsOf } from '@tongtang/lessons/class-lessons';
import { county } from '@tongtang/lessons/county.fixture';
import { type MinuteState, type Tally, tallyOf } from '@tongtang/lessons/delivery/minute-state';
import { outcomeOf } from '@tongtang/lessons/delivery/outcome';
import { secondsAt } from '@tongtang/lessons/plain-date';
import type { Incident } from '@tongtang/model/incident';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
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

/** A day of the county of the timetable's tests, with three lessons of each of its three classes. */
export function dayOf(date: PlainDate, told: Told, incidents: readonly Incident[] = []): ReportDay {
  const schools = county.schools.map((school) => {
    const lessons = classLessonsOf({ inventory: county }, school, date).map((lesson) => {
      const length = (lesson.end - lesson.start) / 60;
      const minutes =
        told(date, school.id, lesson.class, lesson.period) ??
        Array.from({ length }, (): MinuteState => 'good');
      const hitting = incidents.filter(({ place }) => place.school === school.id);
      return { ...lesson, ...outcomeOf(lesson, minutes, hitting) };
    });
    const inLessons: Tally = tallyOf(Array.from({ length: lessons.length * 40 }, (): MinuteState => 'good'));
    const link = school.id === 'hb3z' ? ('broadband' as const) : ('platform' as const);
    return {
      school: school.id,
      lessons,
      links: [{ link, lessons: inLessons, always: { ...inLessons, unknown: 100 } }],
      inputs: [{ agent: `${school.id}-c1`, revision: 1, fingerprint: 'f' }],
    };
  });
  return { date, schools };
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

export async function* each(period: Period, day: (date: PlainDate) => ReportDay): AsyncGenerator<ReportDay> {
  for (const date of daysOf(period)) yield day(date);
}
