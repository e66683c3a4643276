import type { Range } from '@tongtang/wire/messages';

/** What became of one outbox of one agent. Sequence numbers count from one. */
export type OutboxLedger = Readonly<{
  id: string;
  received: readonly Range[];
  /**
   * What became of lower numbers the ledger cannot say, but for those in `received`: it was lost itself, or there were
   * too many gaps. 1 where it can say all.
   */
  unknownBefore: number;
  /** Not received although later ones were: on their way, or lost. */
  missing: readonly Range[];
  /** The part of `missing` that the agent no longer holds: gone for good. */
  lost: readonly Range[];
  firstSeen: number;
  lastSeen: number;
}>;

export type LedgerEntry = Readonly<{
  agent: string;
  outbox: string;
  from: number;
  to: number;
  oldest: number;
  time: number;
}>;
