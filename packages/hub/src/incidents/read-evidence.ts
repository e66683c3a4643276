import type { EvidenceSample } from '@tongtang/incidents/agent-evidence';
import { evidenceFields, evidenceMeasurements } from '@tongtang/incidents/evidence-fields';
import type { MeasurementName } from '@tongtang/model/catalogue';
import type { Log } from '@tongtang/runtime/log';
import { readSamples, type SampleSource } from '../agent-samples.ts';

export type EvidenceParts = Readonly<{
  evidence: SampleSource;
  /** Resolves when reading from the store disturbs nobody; rejects when the hub stops. */
  calm: () => Promise<void>;
  log: Log;
}>;

/** So much of one agent is in memory at once. Seconds. */
const partS = 6 * 3600;

const fields: ReadonlyMap<MeasurementName, readonly string[]> = new Map(
  evidenceMeasurements.map((measurement) => [measurement, evidenceFields[measurement]]),
);

/**
 * Reads what is evidence of one agent from the store, in order of time, part by part; a part is undefined where there is more of it than
 * anybody can weigh.
 * @param to inclusive
 * @throws where the store does not answer, and what `calm` throws
 */
export async function* readEvidence(
  { evidence, calm, log }: EvidenceParts,
  agent: string,
  from: number,
  to: number,
): AsyncGenerator<readonly EvidenceSample[] | undefined> {
  for (let start = from; start <= to; start += partS) {
    // The end of the span is its last second.
    const end = Math.min(start + partS, to + 1);
    const samples = await readSamples(evidence, log, { agent, fields, from: start, to: end }, calm);
    yield samples?.sort((a, b) => a.time - b.time);
  }
}
