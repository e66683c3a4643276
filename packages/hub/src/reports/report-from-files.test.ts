import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import { county } from '@tongtang/lessons/county.fixture';
import { secondsAt } from '@tongtang/lessons/plain-date';
import { scopeOf } from '@tongtang/reports/make-report';
import { monthPeriod } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HubFiles, inputsOf, openHubFiles } from './report-from-files.ts';

const { id } = county.county;
let folder: string;
let files: HubFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-inputs-'));
  files = openHubFiles(folder, createLog('error'));
});
afterEach(() => {
  files.close();
  rmSync(folder, { recursive: true });
});

/** Of November. */
function inputs(): string {
  const [scope, period] = [scopeOf(county, 'county', id), monthPeriod('2026-11')];
  if (scope === undefined || period === undefined) throw new Error('no such report');
  const objective = { part: 9950, of: 10_000 };
  return inputsOf(files, {
    inventory: county,
    timetable: undefined,
    scope,
    period,
    objective,
    visits: [],
    isSimulated: false,
  });
}

/** Work of two hours. */
function work(date: string, time = '02:00'): MaintenanceWindow {
  const start = secondsAt(date, time, county.county.timezone);
  return { id: 'w', note: 'new line', kind: 'once', start, end: start + 7200 };
}
describe('what a report is made of', () => {
  it.each(['2026-12-01', '2027-05-01', '2026-09-30'])('is not work announced for %s', (date) => {
    const before = inputs();
    files.incidents.keepWindow(id, work(date));
    expect(inputs()).toBe(before);
  });

  it.each([
    ['in its period', work('2026-11-10')],
    ['in the period that it is compared with', work('2026-10-10')],
    ['that reaches into its period', work('2026-10-31', '23:00')],
    ['each week', { id: 'w', note: '', kind: 'weekly', weekdays: [2], at: '02:00', minutes: 60 } as const],
  ])('is announced work %s', (_, window) => {
    const before = inputs();
    files.incidents.keepWindow(id, window);
    const after = inputs();
    expect(after).not.toBe(before);
    // What was written of it takes no minute of it.
    files.incidents.keepWindow(id, { ...window, note: 'other words' });
    expect(inputs()).toBe(after);
    files.incidents.removeWindow(id, 'w');
    expect(inputs()).toBe(before);
  });
});
