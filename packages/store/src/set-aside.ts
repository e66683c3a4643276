import { readdirSync } from 'node:fs';

/** A database that was damaged: what was only in it is missing since. */
export type SetAside = Readonly<{
  /** What it was called, such as `telemetry.db`. */
  file: string;
  /** What it is called now. */
  name: string;
  /** When it was set aside, by the hub's clock. Seconds since 1970. */
  time: number;
}>;

const shape = /^(.+\.db)\.damaged-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)$/;

/**
 * The databases that `setAside` of runtime/database moved out of the way and that nobody took from the folders yet, the newest first. The
 * files are themselves the record: there is none without the other, whenever the process is killed.
 * @throws where a folder cannot be read
 */
export function setAsidesIn(folders: readonly string[]): SetAside[] {
  return [...new Set(folders)]
    .flatMap((folder) => readdirSync(folder))
    .flatMap((name): SetAside[] => {
      const [, file, hour, minute, second, rest] = shape.exec(name) ?? [];
      if (file === undefined) return [];
      return [{ file, name, time: Math.floor(Date.parse(`${hour}:${minute}:${second}.${rest}`) / 1000) }];
    })
    .sort((a, b) => b.time - a.time);
}
