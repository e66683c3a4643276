import {
  isLinkKind,
  type LinkEvidence,
  type LinkKind,
  type LinkState,
  linkState,
} from '@tongtang/model/link';
import type { FieldValue, Reading } from '@tongtang/model/sample';

export type LinkChange = Readonly<{ link: LinkKind; from: LinkState; to: LinkState }>;

/** An outcome is evidence for so many intervals of its probe. */
const freshIntervals = 3;

/** Follows the state of each link as the agent's own outcomes show it. */
export class LinkWatch {
  readonly #evidence = new Map<LinkKind, Map<string, LinkEvidence & Readonly<{ until: number }>>>();
  readonly #states = new Map<LinkKind, LinkState>();

  /**
   * @param nowS seconds on any clock that never goes back
   * @param everyS the interval of the probe
   * @returns the change of its link's state, if this outcome brought one
   */
  observe({ measurement, tags, fields }: Reading, nowS: number, everyS: number): LinkChange | undefined {
    const { link, target } = tags;
    const ok = fields.ok;
    if (link === undefined || !isLinkKind(link) || typeof ok !== 'boolean') return undefined;
    const outcomes = this.#evidence.get(link) ?? new Map();
    this.#evidence.set(link, outcomes);
    outcomes.set(`${measurement} ${target ?? ''}`, {
      time: nowS,
      until: nowS + everyS * freshIntervals,
      ok,
      lossRatio: numberOf(fields.loss_ratio),
      rttMs: numberOf(fields.rtt_ms),
      jitterMs: numberOf(fields.jitter_ms),
      failure: typeof fields.failure === 'string' ? fields.failure : undefined,
    });
    for (const [key, { until }] of outcomes) if (until < nowS) outcomes.delete(key);
    const from = this.#states.get(link) ?? 'unknown';
    const to = linkState(outcomes.values(), nowS, Number.POSITIVE_INFINITY);
    this.#states.set(link, to);
    return from === to ? undefined : { link, from, to };
  }

  /** The present state of each link that was ever measured. */
  states(): Partial<Record<LinkKind, LinkState>> {
    return Object.fromEntries(this.#states);
  }
}

function numberOf(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
