import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { county } from '@tongtang/lessons/county.fixture';
import { secondsAt } from '@tongtang/lessons/plain-date';
import type { PlainDate } from '@tongtang/model/timetable';
import { printPdf } from '@tongtang/reports/formats/pdf';
import { daysOf, monthPeriod, type Period, rangePeriod } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openRegistry } from '@tongtang/store/registry/open';
import { openIssuedReports } from '@tongtang/store/reports/issued-reports';
import { type Cut, keepDays } from '../../../../tests/services/kept-minutes.ts';
import { minutesIn } from '../minutes/minutes-file.ts';
import { ReportsDesk, type ReportsDeskParts } from './desk.ts';
import type { Job } from './jobs.ts';
import { openReportMaker } from './report-maker.ts';
import { reportsIn } from './reports-file.ts';

export const day = 86_400;
export const clock = (date: PlainDate, time: string): number => secondsAt(date, time, county.county.timezone);

/** The 24th of November is a Tuesday: the line of the primary school is cut in its first lesson. */
export const cut: Cut = { school: 'babao', date: '2026-11-24', from: '08:40', to: '09:00' };

export const november = period('2026-11');

function period(month: string): Period {
  const found = monthPeriod(month);
  if (found === undefined) throw new Error(`no month ${month}`);
  return found;
}

/**
 * A county of two schools with the minutes of October and November 2026, and the desk of its reports. Its clock is the test's; making goes
 * through the real thread and the real files.
 */
export function countyReports(given: Partial<ReportsDeskParts> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'tongtang-reports-'));
  const log = createLog('error');
  keepDays(data, county, daysOf(rangePeriod('2026-10-01', '2026-11-30')), [cut]);
  let now = clock('2026-12-01', '06:00');
  const registry = openRegistry(join(data, 'hub', 'registry.db'), log, () => new Date(now * 1000));
  registry.importInventory(county, 'test');
  const minutes = openMinutes(minutesIn(data), log);
  const store = openIssuedReports(reportsIn(data), log);
  const maker = openReportMaker(data);
  const desk = new ReportsDesk({
    store,
    registry,
    settledTo: (id) => minutes.settledTo(id),
    notifier: undefined,
    maker,
    // No Chromium: a page instead of paper. What prints has a test of its own.
    print: (html) => printPdf(html, join(data, 'no-chromium')),
    isSimulated: false,
    mayRun: () => true,
    log,
    nowS: () => now,
    ...given,
  });

  return {
    data,
    registry,
    minutes,
    store,
    desk,
    now: () => now,
    at(time: number) {
      now = time;
    },
    by: (who = 'li') => ({ who, at: now }),
    /** What agents had kept to themselves of some days comes in. */
    late(...cuts: Cut[]) {
      const dates = [...cuts.map(({ date }) => date), '2026-11-30'];
      keepDays(data, county, dates, cuts);
    },
    /** Asks for a report, and waits until something has come of it. */
    async issue(of: Period = november, more: Partial<Parameters<ReportsDesk['ask']>[0]> = {}): Promise<Job> {
      const { id } = desk.ask({ county: 'qilian', period: of, ...more }, 'li');
      for (;;) {
        const job = desk.job(id);
        if (job.state === 'done' || job.state === 'failed') return job;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      await maker.stop();
      await desk.settled();
      store.close();
      minutes.close();
      registry.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
