import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading } from '@tongtang/model/sample';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';

/** Files that systems put into every folder. */
const systemFiles: ReadonlySet<string> = new Set(['desktop.ini', 'thumbs.db', '.ds_store']);
/** A folder with more is looked at as far as this, the last names first: those of dates are the newest. */
const mostEntries = 2000;
/** So many are asked for at once: the disk has other things to do. */
const atOnce = 20;

/**
 * Looks at the folder to which recorded lessons are delivered: how much lies directly in it, and when the newest came. What lies in
 * folders within it shows by their own time, which changes with what is put into them.
 * @param nowMs the machine's own wall clock, which set the times of the files, be it right or wrong
 * @returns one reading; of a folder that cannot be read it says only that, and the log says why. Never rejects
 */
export async function sampleLessonFiles(
  folder: string,
  log: Log,
  nowMs: () => number = Date.now,
): Promise<readonly Reading[]> {
  try {
    const names = (await readdir(folder)).filter((name) => !systemFiles.has(name.toLowerCase()));
    const newestMs = await newestOf(folder, names.sort().slice(-mostEntries));
    const age = newestMs > 0 && { newest_age_s: Math.max(0, Math.round((nowMs() - newestMs) / 1000)) };
    return [reading({ readable: true, entries: names.length, ...age })];
  } catch (error) {
    log.warn({ folder, reason: messageOf(error) }, 'the folder of recorded lessons cannot be read');
    return [reading({ readable: false })];
  }
}

function reading(fields: Reading['fields']): Reading {
  return { measurement: 'lesson_files', tags: {}, fields };
}

/** When the newest was changed, in milliseconds since 1970; 0 where there is none. What goes meanwhile is passed over. */
async function newestOf(folder: string, names: readonly string[]): Promise<number> {
  let newest = 0;
  for (let from = 0; from < names.length; from += atOnce) {
    const times = await Promise.all(
      names.slice(from, from + atOnce).map((name) =>
        stat(join(folder, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    newest = Math.max(newest, ...times);
  }
  return newest;
}
