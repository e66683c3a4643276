import type { EvidenceSample } from '@tongtang/incidents/agent-evidence';
import { evidenceFields, evidenceMeasurements } from '@tongtang/incidents/evidence-fields';
import type { TelemetryStore } from '@tongtang/store/telemetry';

export type EvidenceSource = Pick<TelemetryStore, 'samples'>;

/** So much of one agent is in memory at once. Seconds. */
const partS = 6 * 3600;

/**
 * Reads what is evidence of one agent from the store, in order of time, part by part.
 * @param calm resolves when the next question disturbs nobody
 * @throws where the store does not answer, and what `calm` throws
 */
export async function readEvidence(
  store: EvidenceSource,
  agent: string,
  from: number,
  to: number,
  calm: () => Promise<void>,
  take: (samples: readonly EvidenceSample[]) => void,
): Promise<void> {
  for (let start = from; start <= to; start += partS) {
    const samples: EvidenceSample[] = [];
    for (const measurement of evidenceMeasurements) {
      await calm();
      const fields = evidenceFields[measurement];
      // The end of the span is its last second.
      const end = Math.min(start + partS, to + 1);
      samples.push(...(await store.samples({ agent, measurement, fields, from: start, to: end })));
    }
    take(samples.sort((a, b) => a.time - b.time));
  }
}
