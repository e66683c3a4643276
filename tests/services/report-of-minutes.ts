import { outcomesBySchool } from '@tongtang/hub/minutes/outcomes';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate } from '@tongtang/model/timetable';
import { reportCsv } from '@tongtang/reports/formats/csv';
import { reportHtml } from '@tongtang/reports/formats/html';
import { reportJson } from '@tongtang/reports/formats/json';
import { reportXlsx } from '@tongtang/reports/formats/xlsx';
import { makeReport, scopeOf, usualObjective } from '@tongtang/reports/make-report';
import { daysOf, type Period, periodBefore, rangePeriod } from '@tongtang/reports/period';
import type { Report } from '@tongtang/reports/report';
import type { ReportDay } from '@tongtang/reports/sums';
import { createLog } from '@tongtang/runtime/log';
import type { MinutesStore } from '@tongtang/store/minutes/minutes';

/** The report of a day of a county of which no incident is known, from kept minutes. */
export function reportOfDay(minutes: MinutesStore, inventory: Inventory, date: PlainDate): Promise<Report> {
  const nothing = () => [];
  const parts = {
    minutes,
    surroundings: surroundingsOf(nothing, nothing, () => 0),
    log: createLog('error'),
  };
  const days = async function* (period: Period): AsyncGenerator<ReportDay> {
    for (const day of daysOf(period))
      yield { date: day, schools: [...outcomesBySchool(parts, { inventory }, day)] };
  };
  const scope = scopeOf(inventory, 'county', inventory.county.id);
  if (scope === undefined) throw new Error('a county is its own scope');
  const period = rangePeriod(date, date);
  const before = periodBefore(period, []);
  return makeReport({
    inventory,
    scope,
    period,
    before,
    objective: usualObjective,
    settledTo: minutes.settledTo(inventory.county.id),
    days: days(period),
    daysBefore: days(before),
    incidents: [],
    visits: [],
    isSimulated: true,
  });
}

/** A report in all formats that are written to the byte. */
export async function bytesOf(report: Report): Promise<Record<string, string>> {
  return {
    json: reportJson(report),
    html: reportHtml(report, 'zh'),
    csv: JSON.stringify(reportCsv(report, 'zh')),
    xlsx: Buffer.from(await reportXlsx(report, 'zh')).toString('base64'),
  };
}
