/**
 * What a failed send means for what comes next:
 * - `unreachable`: the way there, or a busy server; the same again later
 * - `throttled`: too many; the same again in a minute
 * - `broken`: key, secret, protection or address; nothing will get through until somebody changes it
 * - `refused`: this one message, for what it is; the next may be taken
 */
export type Failure = Readonly<{
  ok: false;
  reason: 'unreachable' | 'throttled' | 'broken' | 'refused';
  /** For people; never an address with its key, never a secret. */
  why: string;
}>;
/** It was taken; `note` says by whom it was not, where there are several: for people, as `why` is. */
export type Taken = Readonly<{ ok: true; note?: string }>;
export type Outcome = Taken | Failure;

export function failure(reason: Failure['reason'], why: string): Failure {
  return { ok: false, reason, why };
}
