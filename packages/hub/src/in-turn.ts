import { setTimeout as pause } from 'node:timers/promises';

const longestPauseMs = 100;
/** How long it waits before it looks again whether the hub is busy. */
const busyMs = 500;

export type Turns = Readonly<{
  /** Whether a crowd of agents is coming in: their present goes before anybody's past, for half of the time at most (precedence.ts). */
  busy: () => boolean;
  /** Whether nothing is to begin any more. */
  stopped: () => boolean;
}>;

/** One piece of work that can wait, and a pause as long as it for everybody else. */
export async function inTurn({ busy, stopped }: Turns, work: () => void | Promise<void>): Promise<void> {
  while (busy() && !stopped()) await pause(busyMs);
  if (stopped()) return;
  const start = performance.now();
  await work();
  await pause(Math.min(performance.now() - start, longestPauseMs));
}
