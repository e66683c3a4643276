import type { Claim } from '@tongtang/outbox/outbox';
import { BatchWriter, type HubReads } from '@tongtang/wire/following/batch-writer';
import type { ByteBudget } from './byte-budget.ts';
import type { Sending } from './drain.ts';
import type { QoS } from './session.ts';

export type TelemetryOptions = Readonly<{
  budget: ByteBudget;
  /** What the hub is known to read. */
  hubReads: () => HubReads;
  /** @returns bytes on the wire of the payload and what acknowledges it */
  publish: (payload: Buffer, qos: QoS) => number;
  /** Bytes on the wire of a message with QoS 0, beside its payload. */
  messageBytes: () => number;
}>;

/** Tells batches as messages, and meters what they cost. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #writer: BatchWriter;
  /** What the last commit cost on the wire. */
  #commitBytes = 250;

  constructor(options: TelemetryOptions) {
    this.#options = options;
    this.#writer = new BatchWriter(options.hubReads);
  }

  set commitBytes(bytes: number) {
    this.#commitBytes = bytes;
  }

  /** A new connection, a new hub, or one that lost the thread: what comes next follows on nothing. */
  beginAnew(): void {
    this.#writer.beginAnew();
  }

  /**
   * @param coveredS seconds since a batch of the present was sent last
   * @returns bytes of the payload
   */
  send(claim: Claim, { kind, again, inDoubt }: Sending, coveredS: number): number {
    const { budget, hubReads, publish, messageBytes } = this.#options;
    // Something was lost on the way: perhaps what the last batches followed on. On what is old none does.
    if (again && kind === 'present') this.#writer.beginAnew();
    const isNext = kind === 'present' && !again;
    const payload = isNext ? this.#writer.next(claim, claim.lines) : this.#writer.whole(claim, claim.lines);
    // The commit acknowledges what is measured now; only where none came, the broker has to say whether it is there.
    const cost = publish(payload, isNext && !inDoubt ? 0 : 1);
    if (kind === 'backlog') budget.meterBacklog(cost);
    else budget.meter(cost);
    if (isNext)
      budget.observe({
        payloadBytes: payload.length,
        messageBytes: messageBytes(),
        commitBytes: claim.commitLater ? 0 : this.#commitBytes,
        coveredS,
        follows: hubReads().following,
      });
    return payload.length;
  }
}
