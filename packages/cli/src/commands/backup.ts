import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import { copyDatabases } from '@tongtang/store/database-copies';
import { Command } from 'commander';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang backup` */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('Copies all databases of the hub, whole, while it runs')
    .argument('<folder>', 'where the copies go; they take the place of older ones');
  return withSettings(command, ['data']).action((folder: string) => {
    const { data } = settingsOf(command);
    const copied = copies(join(data, 'hub'), folder);
    if (copied.length === 0)
      throw new Refusal(
        `No hub has run in ${data}; name its folder with --data, or its settings with --config`,
      );
    for (const { name, bytes } of copied)
      process.stdout.write(`${join(folder, name)}  ${Math.ceil(bytes / 1000)} kB\n`);
  });
}

function copies(from: string, to: string): ReturnType<typeof copyDatabases> {
  try {
    return copyDatabases(from, to);
  } catch (error) {
    throw new Refusal(`Not everything was copied: ${messageOf(error)}`);
  }
}
