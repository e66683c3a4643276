import type { Status } from '@tongtang/wire/messages';

/** What the agent says of itself beside its state. */
export type PresenceFacts = Omit<Status, 'state'>;

/** The payload of `status`, retained; the will is the same with `offline`. */
export function statusMessage(state: Status['state'], facts: PresenceFacts): string {
  return JSON.stringify({ state, ...facts } satisfies Status);
}
