import { join } from 'node:path';
import { openConclusionJournal } from '@tongtang/store/conclusions/journal';
import { InfluxConclusions } from '@tongtang/store/influx/conclusions';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { ConclusionKeeper, type ConclusionParts } from './conclusion-keeper.ts';

export type StartedConclusions = Readonly<{
  /** An incident is new, or other than before. */
  changed: (id: string) => void;
  stop: () => Promise<void>;
}>;

/**
 * Keeps what is concluded in InfluxDB, where that is the hub's store: out of SQLite nobody reads it.
 * @param store the location of the telemetry
 * @returns undefined where there is no InfluxDB
 */
export function startConclusions(
  store: string,
  dataFolder: string,
  parts: Omit<ConclusionParts, 'influx' | 'journal'>,
): StartedConclusions | undefined {
  if (store.startsWith('sqlite:')) return undefined;
  const influx = new InfluxConclusions(parseInfluxLocation(store), parts.log);
  const journal = openConclusionJournal(join(dataFolder, 'hub', 'conclusions.db'), parts.log);
  const keeper = new ConclusionKeeper({ ...parts, influx, journal });
  keeper.start();
  return {
    changed: (id) => keeper.changed(id),
    stop: async () => {
      await keeper.stop();
      influx.close();
      journal.close();
    },
  };
}
