import type { Log } from '@tongtang/runtime/log';

/** Why the broker turned something down; the label of a counter each. */
export const refusalReasons = [
  /** More connections from one address, or of all, that have not signed in yet than allowed. */
  'connections',
  /** No complete CONNECT in time. */
  'connect-timeout',
  /** Not MQTT 3.1.1, or against its rules. */
  'protocol',
  /** A session that the broker would have to keep. */
  'session',
  /** A will for something else than the agent's own status. */
  'will',
  /** Unknown agent, wrong password, or a client id that is not the user name. */
  'credentials',
  'publish',
  'subscribe',
  'qos',
  'retain',
  'size',
  'rate',
  /** A connected agent was revoked or got a new password. */
  'revoked',
  /** It does not read what is sent to it. */
  'slow-reader',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Ends a connection, with the reason that is counted. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`refused: ${reason}`);
    this.reason = reason;
  }
}

const logEveryMs = 10_000;

/** Counts every refusal; logs the first of a reason at once and then one line each ten seconds with how many came. */
export class RefusalCounter {
  readonly #log: Log;
  readonly #monotonicMs: () => number;
  readonly #counts: Record<RefusalReason, number> = {
    connections: 0,
    'connect-timeout': 0,
    protocol: 0,
    session: 0,
    will: 0,
    credentials: 0,
    publish: 0,
    subscribe: 0,
    qos: 0,
    retain: 0,
    size: 0,
    rate: 0,
    revoked: 0,
    'slow-reader': 0,
  };
  readonly #logged = new Map<RefusalReason, { atMs: number; count: number }>();

  constructor(log: Log, monotonicMs: () => number) {
    this.#log = log;
    this.#monotonicMs = monotonicMs;
  }

  /** @param details who and what, for the log: never a password or a payload */
  count(reason: RefusalReason, details: Readonly<Record<string, unknown>>): void {
    this.#counts[reason] += 1;
    const nowMs = this.#monotonicMs();
    const last = this.#logged.get(reason);
    if (last !== undefined && nowMs - last.atMs < logEveryMs) return;
    const since = this.#counts[reason] - (last?.count ?? 0);
    this.#logged.set(reason, { atMs: nowMs, count: this.#counts[reason] });
    this.#log.warn({ reason, since, ...details }, 'broker refused a client');
  }

  /** How often each reason occurred since start. */
  counts(): Readonly<Record<RefusalReason, number>> {
    return { ...this.#counts };
  }
}
