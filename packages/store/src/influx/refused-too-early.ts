import type { Log } from '@tongtang/runtime/log';

/**
 * InfluxDB refuses as past their retention lines that by the hub's clock have days to go: one of the two clocks is wrong, or somebody has
 * shortened the retention policy. To believe it would be to throw away what every agent measures.
 */
export class RefusedTooEarly extends Error {
  readonly policy: string;
  /** Of the newest line, in seconds since 1970. */
  readonly newestS: number;
  /** What its clock shows, as the head of its answer says (RFC 9110, 6.6.1); a proxy may have put its own. */
  readonly answeredAt: string | undefined;

  constructor(policy: string, newestS: number, answeredAt: string | undefined) {
    super(
      `InfluxDB refuses what was measured at ${iso(newestS)} as past its retention: its clock is not the hub’s`,
    );
    this.policy = policy;
    this.newestS = newestS;
    this.answeredAt = answeredAt;
  }
}

/** What agents measure now and bring within this, in seconds, is what a store is there for. */
const freshS = 3600;
/** So long after a refusal of what is fresh, in seconds, the store is said to be out of order: longer than any wait between two tries. */
const rememberedS = 60;
/** After so many seconds without one, the next is told again. */
const quietS = 3600;

/** Tells of such refusals once, however often it is tried again, and knows whether anything can be stored meanwhile. */
export class EarlyRefusals {
  readonly #log: Log;
  #lastS = Number.NEGATIVE_INFINITY;
  #ofFresh: Readonly<{ refusal: RefusedTooEarly; atS: number }> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param now hub time in seconds */
  hear(refusal: RefusedTooEarly, now: number): void {
    const { policy, newestS, answeredAt } = refusal;
    const isNews = Math.abs(now - this.#lastS) > quietS;
    this.#lastS = now;
    if (newestS > now - freshS) this.#ofFresh = { refusal, atS: now };
    if (isNews)
      this.#log.error(
        { policy, refused: iso(newestS), hub: iso(now), influxdb: answeredAt },
        'InfluxDB refuses as past its retention what is not by the hub’s clock: nothing of it is committed, agents keep it and send it ' +
          'again. Where the two clocks differ, set the clock of InfluxDB’s machine right, or the hub’s; where they agree, the retention ' +
          'policy was shortened: give it back the duration that the hub made it with',
      );
  }

  /**
   * @param now hub time in seconds
   * @throws where what is measured now was refused a moment ago
   */
  assertNoneOfFresh(now: number): void {
    if (this.#ofFresh !== undefined && Math.abs(now - this.#ofFresh.atS) <= rememberedS)
      throw this.#ofFresh.refusal;
  }
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
