import type { MeasurementName } from '@tongtang/model/catalogue';
import type { Log } from '@tongtang/runtime/log';
import { type StoredSample, type TelemetryStore, UnfitQuery } from '@tongtang/store/telemetry';

export type SampleSource = Pick<TelemetryStore, 'samples'>;

/** What is wanted of one agent. */
export type WantedSamples = Readonly<{
  agent: string;
  /** Fields by measurement. */
  fields: ReadonlyMap<MeasurementName, readonly string[]>;
  /** Seconds, inclusive. Six hours are asked for at once, or what became of a lesson or a day. */
  from: number;
  /** Seconds, exclusive. */
  to: number;
}>;

/**
 * The most samples of one agent that are weighed at once, of all measurements together: some 100 MB. Fifty series, each measured every five
 * seconds, the shortest interval that can be entered, are 216,000 in six hours; what an agent measures without being told more is 8,000.
 */
const mostAtOnce = 250_000;

/** Agents that people were told of, by the store that has too much of them: once is enough. */
const told = new WeakMap<SampleSource, Set<string>>();

/**
 * Reads what one agent measured in a span: those of each series in the order of time.
 * @param calm resolves when the next question disturbs nobody
 * @returns undefined where there is more than anybody measures: nothing is known of that agent then, and others go on
 * @throws where the store does not answer, and what `calm` throws
 */
export async function readSamples(
  store: SampleSource,
  log: Log,
  { agent, fields: wanted, from, to }: WantedSamples,
  calm: () => Promise<void> = async () => {},
): Promise<StoredSample[] | undefined> {
  const samples: StoredSample[] = [];
  try {
    for (const [measurement, fields] of wanted) {
      await calm();
      const most = mostAtOnce - samples.length;
      for (const sample of await store.samples({ agent, measurement, fields, from, to, most }))
        samples.push(sample);
    }
    return samples;
  } catch (error) {
    if (!(error instanceof UnfitQuery)) throw error;
    tell(store, log, agent, from);
    return undefined;
  }
}

function tell(store: SampleSource, log: Log, agent: string, from: number): void {
  const known = told.get(store) ?? new Set();
  told.set(store, known);
  if (known.has(agent)) return;
  known.add(agent);
  log.error(
    { agent, from: new Date(from * 1000).toISOString(), most: mostAtOnce },
    'an agent measured more than can be weighed: its minutes of that time are unknown, and what came late of it changes no incident; ' +
      'mend what it measures, or revoke it by tongtang enrolment revoke',
  );
}
