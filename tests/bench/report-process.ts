import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const child = join(import.meta.dirname, 'report.child.ts');

/** What writing a report took: seconds by the clock and of processors, and its memory at the most. */
export type ReportCost = Readonly<{ seconds: number; cpuS: number; mostMb: number }>;

/** Writes a report with the command line, in a process of its own. @param words behind `tongtang report` */
export function writeReport(words: readonly string[]): ReportCost {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [child, 'report', ...words, '--format', 'html,xlsx,csv,json'],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`the report was not written: ${stderr}`);
  const took: Omit<ReportCost, 'seconds'> = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return { seconds, ...took };
}
