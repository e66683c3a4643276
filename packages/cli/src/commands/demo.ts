import { join, resolve } from 'node:path';
import { lockFolder } from '@tongtang/runtime/folder-lock';
import { parseListen } from '@tongtang/runtime/host-port';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog } from '@tongtang/runtime/log';
import { qilianFile } from '@tongtang/simulator/county/qilian';
import { LiveCounty } from '@tongtang/simulator/live/live-county';
import { Command } from 'commander';
import { environmentOf, reachable } from '../daemon-environment.ts';
import { runDaemons } from '../daemons.ts';
import { assertWritable } from '../data-folder.ts';
import { openDemo, prepareDemo, scriptIn, writeTold } from '../demo/demo-folder.ts';
import { writeHistory } from '../demo/history.ts';
import { beginWatch } from '../demo/watched.ts';
import { commandLine, registryIn } from '../hub-data.ts';
import { readInventory } from '../inventory-file.ts';
import { openLogFile } from '../log-file.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

/** What a demonstration may be told; its store and broker are its own. */
const demoKeys = ['http', 'mqtt', 'stamp', 'logLevel'] as const;
/** How often it is written down until when the hub has heard of the county. */
const tellEveryMs = 30_000;

/** `tongtang demo`: what `npm run demo` runs. */
export function demoCommand(): Command {
  const command = new Command('demo')
    .description('Shows a simulated county: a hub on a folder of its own, a term of history, and then live')
    .option('--data <folder>', 'Folder for the simulated data, and for nothing else', 'demo-data')
    .option('--inventory <file>', 'County that is simulated, where the folder has none yet', qilianFile);
  return withSettings(command, demoKeys).action(async () => {
    const { inventory } = command.opts<{ inventory: string }>();
    const settings = { ...settingsOf(command), store: 'sqlite:' };
    if (settings.broker !== undefined)
      throw new Refusal('The demonstration has a broker of its own: leave out the setting broker');
    await makeReady(settings.data, inventory);
    const log = openLogFile(resolve(settings.data, 'log', 'tongtang.log'));
    await runDaemons(
      { environment: environmentOf(command, settings), logTo: log.descriptor },
      async (start) => {
        await start('hub');
        await start('demo-agents');
        return welcome(settings, log.path);
      },
    );
  });
}

/** `tongtang demo-agents`: the virtual agents, beside the hub; started by the command above. */
export function demoAgentsCommand(): Command {
  const command = new Command('demo-agents').description('The virtual agents of a demonstration');
  return withSettings(command, ['data', 'mqtt', 'logLevel']).action(async () => {
    const { data, mqtt, logLevel } = settingsOf(command);
    const log = createLog(logLevel);
    process.exitCode = await runDaemon(log, async () => {
      const { county, enrolled, toldTo } = openDemo(data);
      const live = new LiveCounty({ county, enrolled, broker: parseListen(mqtt), from: toldTo, log });
      const tell = (): void => writeTold(data, Date.now() / 1000);
      const telling = setInterval(tell, tellEveryMs);
      live.start();
      return {
        stop: async () => {
          clearInterval(telling);
          await live.stop();
          tell();
        },
      };
    });
  });
}

/** Prepares the folder, and lets time pass in it up to now. */
async function makeReady(folder: string, inventory: string): Promise<void> {
  const nowS = Math.floor(Date.now() / 1000);
  prepareDemo(folder, () => readInventory(inventory), nowS);
  assertWritable(folder);
  const unlock = lockFolder(join(folder, 'hub'));
  if (unlock === undefined) throw new Refusal(`Another hub runs on ${resolve(folder)}`);
  try {
    const demo = openDemo(folder, nowS);
    process.stdout.write(`Making the history of ${demo.county.inventory.county.name.en} …\n`);
    await writeHistory(folder, demo, nowS, progressLine());
    beginWatch(folder, demo, nowS);
    writeTold(folder, nowS);
  } finally {
    unlock();
  }
}

/** On a terminal one line that changes; elsewhere a line for each tenth. */
function progressLine(): (share: number, reached: number) => void {
  let told = -1;
  return (share, reached) => {
    const text = `  ${String(Math.round(share * 100)).padStart(3)} %  ${new Date(reached * 1000).toISOString().slice(0, 10)}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}${share === 1 ? '\n' : ''}`);
    else if (Math.floor(share * 10) > told) process.stdout.write(`${text}\n`);
    told = Math.floor(share * 10);
  };
}

function welcome({ data, http }: Settings, logPath: string): string {
  const registry = registryIn(data, createLog('warn'));
  const token = registry.createSignInLink('admin', commandLine)?.token ?? '';
  registry.close();
  const lines = [
    '',
    'Tongtang 同堂 shows a simulated county. Nothing of it was measured. 以下均为模拟数据。',
    '',
    `  Console         http://${reachable(http)}/#sign-in=${token}`,
    '                  (signs you in once, within 10 minutes)',
    `  What goes wrong ${scriptIn(resolve(data))}: change it and start again`,
    `  Data and log    ${resolve(data)}, ${logPath}`,
    '',
    '  Ctrl-C stops. Starting again goes on with the same county.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
