import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { daysOf, rangePeriod } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { qilian } from '@tongtang/simulator/county/qilian';
import { openRegistry } from '@tongtang/store/registry/open';
import { cutsIn, keepDays } from '../services/kept-minutes.ts';
import { dataFolder } from '../services/tongtang.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';
import { writeReport } from './report-process.ts';

/** 20 weeks of five school days, Monday to Sunday; and as many before them, for the trend. */
const term = rangePeriod('2026-08-31', '2027-01-17');
const before = rangePeriod('2026-04-13', '2026-08-30');

export const report: Benchmark = {
  name: 'report',
  about: 'the report of a term of 13 schools, 46 classes and 100 school days, in all formats but PDF',
  run: async (context) => measure(context),
};

function measure({ say }: BenchmarkContext): Result[] {
  const data = dataFolder();
  try {
    const inventory = qilian();
    const dates = daysOf({ from: before.from, to: term.to });
    const cuts = cutsIn(inventory, dates);
    const registry = openRegistry(join(data.path, 'hub', 'registry.db'), createLog('error'));
    registry.importInventory(inventory, 'benchmark');
    registry.close();
    say('keeping the minutes of two terms');
    keepDays(data.path, inventory, dates, cuts);
    say('writing the report');
    const out = join(data.path, 'out');
    const words = ['--data', data.path, '--from', term.from, '--to', term.to, '--out', out];
    const { seconds, cpuS, mostMb } = writeReport(words);
    return [
      figure('report.files', readdirSync(out).length, '1'),
      figure('report.incidents', cuts.filter(({ date }) => date >= term.from).length, '1'),
      figure('report.term_cpu_s', cpuS, 's'),
      atMost('report.term_s', seconds, 's', 10),
      atMost('report.term_mb', mostMb, 'MB', 300),
    ];
  } finally {
    data.remove();
  }
}
