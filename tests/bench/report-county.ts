import { join } from 'node:path';
import { demoTimetable } from '@tongtang/cli/demo/demo-timetable';
import { secondsAt } from '@tongtang/lessons/plain-date';
import { daysOf } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry } from '@tongtang/store/registry/open';
import { cutsIn, keepDays } from '../services/kept-minutes.ts';
import { largeCounty } from '../services/large-county.ts';
import { dataFolder } from '../services/tongtang.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';
import { writeReport } from './report-process.ts';

const schools = 3000;
const month = { from: '2026-11-01', to: '2026-11-30' };
/** And the month before it, for the trend. */
const dates = daysOf({ from: '2026-10-01', to: month.to });

export const reportCounty: Benchmark = {
  name: 'report-county',
  about: `the report of a month of ${schools} schools, in all formats but PDF`,
  run: async (context) => measure(context),
};

function measure({ say }: BenchmarkContext): Result[] {
  const data = dataFolder();
  try {
    const inventory = largeCounty(schools);
    const cuts = cutsIn(inventory, dates);
    const registry = openRegistry(join(data.path, 'hub', 'registry.db'), createLog('error'));
    registry.importInventory(inventory, 'benchmark');
    const shownAt = secondsAt(month.to, '12:00', inventory.county.timezone);
    registry.importTimetable(inventory.county.id, demoTimetable(inventory, shownAt), 'benchmark');
    registry.close();
    say(`keeping the minutes of ${dates.length} days`);
    keepDays(data.path, inventory, dates, cuts);
    const words = ['--data', data.path, '--out', join(data.path, 'out')];
    say(
      'writing the report of a week, beside which that of the month needs no more memory than for its longer lists',
    );
    const week = writeReport([...words, '--from', '2026-11-23', '--to', '2026-11-29']);
    say('writing the report of the month');
    const { seconds, cpuS, mostMb } = writeReport([...words, '--month', '2026-11']);
    return [
      figure('report_county.classes', inventory.schools.flatMap(({ classes }) => classes).length, '1'),
      figure('report_county.incidents', cuts.filter(({ date }) => date >= month.from).length, '1'),
      figure('report_county.week_mb', week.mostMb, 'MB'),
      figure('report_county.month_cpu_s', cpuS, 's'),
      atMost('report_county.month_s', seconds, 's', 600),
      atMost('report_county.month_mb', mostMb, 'MB', 900),
    ];
  } finally {
    data.remove();
  }
}
