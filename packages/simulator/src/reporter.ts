import type { Batch, VirtualAgent } from './virtual-agent.ts';

/** What a batch may hold, as the agents that are shipped have it (packages/agent/src/uplink/drain.ts). */
const newest = { samples: 100, bytes: 8 * 1024 } as const;
const oldest = { samples: 1000, bytes: 64 * 1024 } as const;
/** Batches of the backlog that may wait for their commit, and bytes of them a second. */
const backlogWindow = 4;
const backlogRate = 8000;

/** A report that was not sent yet, with the number of its first sample. */
type Kept = Readonly<{ from: number; to: number; text: Buffer; dueMs: number }>;

type Sent = Readonly<{ backlog: boolean; sentMs: number; dueMs: readonly number[] }>;

/** How an agent came back to a hub that was away. */
type Return = {
  /** The newest sample that it held when the connection stood. */
  readonly upTo: number;
  /** Samples up to there that no commit has named yet. */
  left: number;
  liveAtMs: number | undefined;
  wholeAtMs: number | undefined;
  /** Something older of the outage was committed before the newest. */
  backlogFirst: boolean;
};

export type ReporterParts = Readonly<{
  agent: VirtualAgent;
  /** A report that was made while the connection stood is stored. @param latencyMs from when it was due */
  onLive: (latencyMs: number) => void;
}>;

/**
 * Keeps an agent's reports, with or without a hub, and sends them as the protocol wants it: what is newest first, what waits from an outage behind it, oldest first, at a bounded rate (clause W-2).
 */
export class Reporter {
  readonly #parts: ReporterParts;
  /** Oldest first. */
  #kept: Kept[] = [];
  readonly #sent = new Map<Batch, Sent>();
  #openedMs = 0;
  #pacedUntilMs = 0;
  #made = 0;
  #committed = 0;
  #return: Return | undefined;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  /** Samples that were made, and those of them that are committed. */
  get made(): number {
    return this.#made;
  }

  get committed(): number {
    return this.#committed;
  }

  /** Epoch milliseconds at which the newest, and all, of what it brought back were committed. */
  get returned(): Readonly<Pick<Return, 'liveAtMs' | 'wholeAtMs' | 'backlogFirst'>> {
    return this.#return ?? { liveAtMs: undefined, wholeAtMs: undefined, backlogFirst: false };
  }

  get hasBacklog(): boolean {
    return this.#kept.length > 0;
  }

  /**
   * Takes what was measured.
   * @param lines one a sample, one or more
   * @param dueMs when this report is due, epoch milliseconds
   */
  report(lines: readonly string[], dueMs: number): void {
    const from = this.#parts.agent.number(lines.length);
    this.#made += lines.length;
    // Not as strings: those are ropes of their parts, three times as large, and an outage makes many.
    this.#kept.push({ from, to: from + lines.length - 1, text: Buffer.from(lines.join('\n')), dueMs });
    this.#sendNewest();
  }

  /** The connection stands. @param returning to a hub that was away */
  opened(returning: boolean): void {
    this.#openedMs = Date.now();
    this.#pacedUntilMs = 0;
    if (returning)
      this.#return ??= {
        upTo: this.#made,
        left: this.#made - this.#committed,
        liveAtMs: undefined,
        wholeAtMs: undefined,
        backlogFirst: false,
      };
    this.#sendNewest();
  }

  /** Sends backlog where its time has come. */
  proceed(): void {
    const now = Date.now();
    const { agent } = this.#parts;
    if (!agent.open || agent.room <= 0 || now < this.#pacedUntilMs) return;
    if ([...this.#sent.values()].filter(({ backlog }) => backlog).length >= backlogWindow) return;
    const taken = this.#kept.splice(0, fitting(this.#kept, oldest));
    if (taken.length > 0) this.#send(taken, true);
  }

  committedBatch(batch: Batch): void {
    const now = Date.now();
    const sent = this.#sent.get(batch);
    this.#sent.delete(batch);
    this.#committed += batch.to - batch.from + 1;
    for (const dueMs of sent?.dueMs ?? []) if (dueMs >= this.#openedMs) this.#parts.onLive(now - dueMs);
    const back = this.#return;
    if (back === undefined || batch.from > back.upTo) return;
    back.left -= Math.min(batch.to, back.upTo) - batch.from + 1;
    if (batch.to >= back.upTo) back.liveAtMs ??= now;
    else if (back.liveAtMs === undefined && sent !== undefined && sent.sentMs >= this.#openedMs)
      back.backlogFirst = true;
    if (back.left === 0) back.wholeAtMs ??= now;
  }

  #sendNewest(): void {
    const { agent } = this.#parts;
    if (!agent.open || agent.room <= 0) return;
    const count = fitting(this.#kept.toReversed(), newest);
    if (count === 0) return;
    const backlog = this.#kept.length > 1;
    this.#send(this.#kept.splice(-count), backlog);
  }

  #send(kept: readonly Kept[], backlog: boolean): void {
    const [first] = kept;
    if (first === undefined) return;
    const { agent } = this.#parts;
    const lines = kept.flatMap(({ text }) => text.toString().split('\n'));
    const batch = backlog ? agent.encode(first.from, lines) : agent.sendNext(first.from, lines);
    if (backlog) this.#pacedUntilMs = Date.now() + (batch.payload.length / backlogRate) * 1000;
    this.#sent.set(batch, { backlog, sentMs: Date.now(), dueMs: kept.map(({ dueMs }) => dueMs) });
    if (backlog) agent.send(batch);
  }
}

/** How many reports from the beginning of a list fit into a batch: those that follow on each other. */
function fitting(list: readonly Kept[], most: Readonly<{ samples: number; bytes: number }>): number {
  let [samples, bytes] = [0, 0];
  for (const [index, { from, to, text }] of list.entries()) {
    samples += to - from + 1;
    bytes += text.length;
    const before = list[index - 1];
    const follows = before === undefined || before.to + 1 === from || to + 1 === before.from;
    if (!follows || (index > 0 && (samples > most.samples || bytes > most.bytes))) return index;
  }
  return list.length;
}
