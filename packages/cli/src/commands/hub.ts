import { startHub } from '@tongtang/hub/hub';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { assertWritable } from '../data-folder.ts';
import { hubKeys, hubSettings } from '../hub-settings.ts';
import { settingsOf, withSettings } from '../options.ts';

/** `tongtang hub` */
export function hubCommand(): Command {
  const command = new Command('hub').description('Runs the hub: broker, ingest, store, API and console');
  return withSettings(command, hubKeys).action(async () => {
    const settings = settingsOf(command);
    assertWritable(settings.data);
    const log = createLog(settings.logLevel);
    process.exitCode = await runDaemon(log, () => startHub(hubSettings(settings), log));
  });
}
