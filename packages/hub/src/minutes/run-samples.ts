import type { Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import type { Witness } from '@tongtang/lessons/delivery/trace';
import type { Log } from '@tongtang/runtime/log';
import { retention, type StoredSample } from '@tongtang/store/telemetry';
import { readSamples, type SampleSource } from '../agent-samples.ts';
import { minuteFields } from './minute-fields.ts';

export type WitnessSample = StoredSample & Readonly<{ agent: string }>;

/**
 * The raw samples of some minutes, in the order of time: what those who had a say measured of the links in question, and of themselves.
 * @param nowS hub time in seconds
 * @returns undefined where raw samples of so long ago are not kept any more
 */
export async function samplesOfRun(
  telemetry: SampleSource,
  { from, to }: Stretch,
  witnesses: readonly Witness[],
  nowS: number,
  log: Log,
): Promise<WitnessSample[] | undefined> {
  if (to <= nowS - retention.rawS) return undefined;
  const found: WitnessSample[] = [];
  for (const { agent, links } of witnesses) {
    const concerns = ({ tags: { link } }: StoredSample): boolean =>
      link === undefined || links.some((one) => one === link);
    const samples = await readSamples(telemetry, log, { agent, fields: minuteFields, from, to });
    for (const sample of samples ?? []) if (concerns(sample)) found.push({ ...sample, agent });
  }
  return found.sort((a, b) => a.time - b.time);
}
