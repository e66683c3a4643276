import { startHub } from '@tongtang/hub/hub';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog } from '@tongtang/runtime/log';
import { keepHeapTight } from '@tongtang/runtime/tight-heap';
import { Command } from 'commander';
import { assertWritable } from '../data-folder.ts';
import { hubKeys, hubSettings } from '../hub-settings.ts';
import { settingsOf, withSettings } from '../options.ts';

/**
 * With 5,000 agents a third of the hub's memory less, at the same pace; where it may grow by a third only, a busy ingest loses a
 * tenth of its pace to collecting. Percent.
 */
const heapGrowth = 80;

/** `tongtang hub` */
export function hubCommand(): Command {
  const command = new Command('hub').description('Runs the hub: broker, ingest, store, API and console');
  return withSettings(command, hubKeys).action(async () => {
    const settings = settingsOf(command);
    keepHeapTight(heapGrowth);
    assertWritable(settings.data);
    const log = createLog(settings.logLevel);
    process.exitCode = await runDaemon(log, () => startHub(hubSettings(settings), log));
  });
}
