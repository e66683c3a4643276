import type { ThresholdOverrides } from '@tongtang/model/condition-thresholds';
import { AgentEvidence, type EvidenceSample } from './agent-evidence.ts';
import { limits } from './thresholds.ts';

/** Raw samples are gone by then. */
const longestS = 40 * 86_400;

/** The past of one agent, gone through again for data that came later than what is kept of it. */
export class Replay {
  readonly agent: string;
  /** From here on it takes all samples again: nothing began or ended near it, so what was before does not matter. */
  readonly start: number;
  readonly evidence: AgentEvidence;

  /** @param from measurement time of the earliest sample that it is for */
  constructor(agent: string, known: AgentEvidence, from: number, overrides?: ThresholdOverrides) {
    this.agent = agent;
    let start = from - limits.quietS;
    while (!known.isQuietAt(start, limits.quietS) && start > from - longestS) start -= limits.quietS / 2;
    this.start = start;
    this.evidence = new AgentEvidence(overrides, known.state());
    this.evidence.rewind(start);
  }

  /** In order of time, in as many parts as the store gives. */
  take(samples: readonly EvidenceSample[], arrivedAt?: number): void {
    for (const sample of samples) this.evidence.take(sample, arrivedAt);
  }
}
