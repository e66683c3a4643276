import { isLinkKind, type LinkKind, type LinkState, linkKinds } from '@tongtang/model/link';
import { isEvidence, LinkEvidence } from '@tongtang/model/link-evidence';
import type { Reading } from '@tongtang/model/sample';

export type LinkChange = Readonly<{ link: LinkKind; from: LinkState; to: LinkState }>;

/** Whether something broke or mended: neither is a first good outcome, nor that nothing is known any more. */
export function isTurn({ from, to }: LinkChange): boolean {
  return to !== 'unknown' && !(from === 'unknown' && to === 'good');
}

/** An outcome is evidence for so many intervals of its probe. */
const freshIntervals = 3;

/** Follows the state of each link as the agent's own outcomes show it. */
export class LinkWatch {
  readonly #evidence = new LinkEvidence();
  readonly #freshS = new Map<string, number>();
  readonly #states = new Map<LinkKind, LinkState>();
  readonly #sinceS = new Map<LinkKind, number>();
  #nowS = Number.NEGATIVE_INFINITY;

  /**
   * @param nowS seconds on any clock that never goes back
   * @param everyS the interval of the probe
   * @returns the changes that this outcome brought: what it says of one link may explain another
   */
  observe(reading: Reading, nowS: number, everyS: number): LinkChange[] {
    const { measurement, tags } = reading;
    const { link = '' } = tags;
    if (isLinkKind(link) && isEvidence(measurement) && !this.#states.has(link))
      this.#states.set(link, 'unknown');
    this.#freshS.set(keyOf(measurement, tags.target), everyS * freshIntervals);
    this.#evidence.add({ ...reading, time: nowS });
    return this.#conclude(nowS);
  }

  /** The hub answered. */
  passed(nowS: number): LinkChange[] {
    this.#evidence.passed(nowS);
    return this.#conclude(nowS);
  }

  /** How many links a probe ever tried to measure. */
  get count(): number {
    return this.#states.size;
  }

  /** The present state of each link that a probe ever tried to measure: unknown where it found out nothing. */
  states(): Partial<Record<LinkKind, LinkState>> {
    return Object.fromEntries(this.#states);
  }

  /** When each link came into its state, by the clock of `observe`; without those of which nothing was ever known. */
  sinceS(): ReadonlyMap<LinkKind, number> {
    return this.#sinceS;
  }

  #conclude(nowS: number): LinkChange[] {
    // A run is told when it ends, with the time when it began.
    this.#nowS = Math.max(this.#nowS, nowS);
    const states = this.#evidence.states(this.#nowS, (...of) => this.#freshS.get(keyOf(...of)) ?? 0);
    return linkKinds.flatMap((link) => {
      const from = this.#states.get(link) ?? 'unknown';
      const to = states.get(link) ?? 'unknown';
      if (to === from) return [];
      this.#states.set(link, to);
      this.#sinceS.set(link, this.#nowS);
      return [{ link, from, to }];
    });
  }
}

function keyOf(measurement: string, target = ''): string {
  return `${measurement} ${target}`;
}
