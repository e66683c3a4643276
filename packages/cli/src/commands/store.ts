import { join, resolve } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import { lockFolder } from '@tongtang/runtime/folder-lock';
import { createLog } from '@tongtang/runtime/log';
import { parseInfluxLocation, showLocation } from '@tongtang/store/influx/location';
import { MigrationJournal } from '@tongtang/store/migrate/journal';
import { migrate } from '@tongtang/store/migrate/migrate';
import { openTelemetryStore } from '@tongtang/store/open';
import { Command } from 'commander';
import { assertWritable } from '../data-folder.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

/** `tongtang store migrate` */
export function storeCommand(): Command {
  return new Command('store').description('Where telemetry is kept').addCommand(migrateCommand());
}

function migrateCommand(): Command {
  const command = new Command('migrate')
    .description(
      'Copies all telemetry into an empty store and compares it, while no hub runs. Killed, it goes on when it is called again. The setting store stands for the side that is not named, so that its password need not be on the command line',
    )
    .option('--from <location>', 'store to copy: "sqlite:" or http://user:password@host:8086/database')
    .option('--to <location>', 'empty store to copy into, written in the same way');
  return withSettings(command, ['data', 'store', 'logLevel']).action(async (sides: Named) => {
    try {
      await moveHouse(sides, settingsOf(command));
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(messageOf(error));
    }
  });
}

type Named = Readonly<{ from?: string; to?: string }>;

async function moveHouse({ from, to }: Named, { data, store, logLevel }: Settings): Promise<void> {
  if (from === undefined && to === undefined)
    throw new Refusal('Name one side with --from or --to; the other is the setting store');
  const [source, target] = [from ?? store, to ?? store];
  if (shown(source) === shown(target))
    throw new Refusal(`Both sides are "${shown(source)}": name another one with --from or --to`);
  assertWritable(data);
  const unlock = lockFolder(join(data, 'hub'));
  if (unlock === undefined)
    throw new Refusal(
      `A hub runs on ${resolve(data)}: stop it first, agents keep what they measure meanwhile`,
    );
  try {
    await move(data, { source, target, logLevel });
  } finally {
    unlock();
  }
}

type Sides = Readonly<{ source: string; target: string; logLevel: Settings['logLevel'] }>;

async function move(dataFolder: string, { source, target, logLevel }: Sides): Promise<void> {
  const options = { dataFolder, log: createLog(logLevel) };
  const from = { store: await openTelemetryStore(source, options), shown: shown(source) };
  try {
    const to = { store: await openTelemetryStore(target, options), shown: shown(target) };
    try {
      const points = await migrate({
        source: from,
        target: to,
        journal: new MigrationJournal(join(dataFolder, 'hub', 'migration.json')),
        nowS: () => Date.now() / 1000,
        onDay: ({ layer, day, points, share }) => {
          const date = new Date(day * 1000).toISOString().slice(0, 10);
          process.stdout.write(
            `${String(Math.floor(share * 100)).padStart(3)} %  ${date}  ${layer}  ${points}\n`,
          );
        },
      });
      process.stdout.write(
        `${points.raw} samples and ${points.minute} minutes are in ${to.shown}, compared by counts and sums. Set store to it and start the hub; ${from.shown} is as it was\n`,
      );
    } finally {
      await to.store.close();
    }
  } finally {
    await from.store.close();
  }
}

/** A location without its secrets. */
function shown(location: string): string {
  return /^https?:/.test(location) ? showLocation(parseInfluxLocation(location)) : location;
}
