import type { MeasurementName } from '@tongtang/model/catalogue';
import type { LinkKind } from '@tongtang/model/link';
import type { Fields } from '@tongtang/model/sample';
import type { Log } from '@tongtang/runtime/log';

/** Which side a failed run failed on. */
export type FailureSource = 'agent' | 'resolver' | 'path' | 'target';

/** What a run is given besides its target. */
export type ProbeContext = Readonly<{
  /** Aborts when the time budget is used up or the agent stops. */
  signal: AbortSignal;
  log: Log;
  /** Monotonic time in milliseconds. */
  monotonicMs: () => number;
  /** Aborts, with one word as its reason, when a run that loads the link has to make way: it ends with what it has. */
  giveWay?: AbortSignal;
  /** Takes how far a long run has come, in words for whoever waits for it. */
  onProgress?: (words: string) => void;
  /** Where this agent is at home, for addresses that mean its own hub. */
  hub?: HubAccount;
  /** Told when the target has no room for this run, and in how many seconds it may be asked again. */
  onBusy?: (retryAfterS: number) => void;
}>;

/** An agent's hub, and how the agent says there who it is. */
export type HubAccount = Readonly<{
  /** http:// or https:// */ url: string;
  agent: string;
  password: string;
}>;

/** The far end, as a task names it. Probes of the machine itself have none. */
export type ProbeTarget = Readonly<{ link: LinkKind; target: string; address: string }>;

/**
 * A probe that measures one target once. It knows nothing of MQTT, storage or schedules, never throws for what the
 * network does, and ends soon after its signal aborts. The runner (runner.ts) owns time budget, duration and outcome.
 */
export type Probe = Readonly<{
  /** The measurement that it fills. */
  measurement: MeasurementName;
  /** Time budget of one run, in milliseconds. */
  budgetMs: number;
  /**
   * Where the state of its link matters: it runs as well when that has changed, or then only, so many seconds apart on
   * average where that is the reason.
   */
  onChange?: Readonly<{ apartS: number; only: boolean }>;
  /** Why an address does not fit, without touching the network; undefined where it fits. */
  checkAddress: (address: string) => string | undefined;
  /** @returns the fields measured, or which side failed */
  run: (address: string, context: ProbeContext) => Promise<ProbeResult>;
}>;

/** A failure may still carry fields that were measured on the way (sent, resolve_ms …). */
export type ProbeResult =
  | Readonly<{ ok: true; fields: Fields }>
  | Readonly<{ ok: false; source: FailureSource; error: string; fields?: Fields }>;
