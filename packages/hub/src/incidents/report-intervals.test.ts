import { expect, it } from 'vitest';
import { reportIntervals } from './report-intervals.ts';

it('agents report by what their budget buys', () => {
  expect(reportIntervals(1_200_000)).toEqual({ closeReportS: 10, restReportS: 300 });
  expect(reportIntervals(2_200_000)).toEqual({ closeReportS: 10, restReportS: 60 });
  expect(reportIntervals(600_000)).toEqual({ closeReportS: 20, restReportS: 300 });
});
