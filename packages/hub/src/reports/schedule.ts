import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { firstSchoolDay } from '@tongtang/reports/first-school-day';
import { schoolsOf, scopeOf } from '@tongtang/reports/make-report';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { Run } from '@tongtang/store/reports/schedules';
import type { ScheduleDocument } from './documents.ts';

/** Before the first lesson, by the county's clock. */
const sentAt = '07:00';
/** After a year without a hub, older months are asked for by hand. */
const mostMonths = 12;

/** The report of a month, and when it is due, in seconds since 1970. */
export type Due = Readonly<{ month: string; date: PlainDate; at: number }>;

/** How a county wants its monthly report; where it has not said so, it wants none. */
export function scheduleOf(store: Pick<IssuedReports, 'schedule'>, county: string): ScheduleDocument {
  const kept = store.schedule(county);
  // Those that were kept before there were approvers name none.
  const said: Partial<ScheduleDocument> = kept === undefined ? {} : JSON.parse(kept.document);
  return {
    on: false,
    scope: { kind: 'county', id: county },
    objective: 9950,
    language: 'zh',
    recipients: [],
    approval: false,
    approvers: [],
    ...said,
  };
}

/** When the report of a month is due: at 7 on the first school day of the next. */
export function dueOf(
  month: string,
  { scope }: Pick<ScheduleDocument, 'scope'>,
  inventory: Inventory,
  timetable: Timetable | undefined,
): Due {
  const about = scopeOf(inventory, scope.kind, scope.id);
  const schools = about === undefined ? inventory.schools : schoolsOf(inventory, about);
  const date = firstSchoolDay({ inventory, timetable }, schools, after(month));
  return { month, date, at: secondsAt(date, sentAt, inventory.county.timezone) };
}

/**
 * The months whose report is due, the oldest first.
 * @param since what was due before is not made
 * @param runs months that are done with
 */
export function monthsDue(
  { since, now, timezone }: Readonly<{ since: number; now: number; timezone: string }>,
  runs: readonly Run[],
  dueFor: (month: string) => Due,
): Due[] {
  const due: Due[] = [];
  const present = monthOf(now, timezone);
  for (let month = before(present), count = 0; count < mostMonths; month = before(month), count += 1) {
    // Nothing of an earlier month was due after the schedule was switched on.
    if (after(month) < monthOf(since, timezone)) break;
    if (runs.some((run) => run.month === month)) continue;
    const one = dueFor(month);
    if (one.at > since && one.at <= now) due.unshift(one);
  }
  return due;
}

/** The next report that is to come, after what is due already. */
export function nextDue(
  { since, now, timezone }: Readonly<{ since: number; now: number; timezone: string }>,
  runs: readonly Run[],
  dueFor: (month: string) => Due,
): Due {
  const last = before(monthOf(now, timezone));
  const one = dueFor(last);
  const isDone = runs.some((run) => run.month === last) || one.at <= since;
  return isDone ? dueFor(after(last)) : one;
}

function monthOf(seconds: number, timezone: string): string {
  return dayOf(seconds, timezone).slice(0, 7);
}

function before(month: string): string {
  return plusDays(`${month}-01`, -1).slice(0, 7);
}

function after(month: string): string {
  return plusDays(`${month}-01`, 31).slice(0, 7);
}
