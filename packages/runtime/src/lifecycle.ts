import { codeOf, messageOf } from './errors.ts';
import type { Log } from './log.ts';

/** A part of a daemon that runs until it is stopped. */
export type Part = Readonly<{ name: string; stop: () => Promise<void> | void }>;

/** How long the process may live on when all parts have stopped. */
const leftBehindMs = 2000;

/** No part may hold up the others for longer; the longest that ends in order takes half of it. */
const stoppingMs = 10_000;

/**
 * Stops parts in the order given, each whatever became of those before it, so that sources stop first and what is in
 * flight still reaches the sinks. One that does not end in time is named in the log and left behind.
 */
export async function stopAll(parts: readonly Part[], log: Log, mostMs = stoppingMs): Promise<void> {
  for (const { name, stop } of parts) {
    try {
      await inTime(stop, mostMs);
    } catch (error) {
      log.error({ part: name, error: messageOf(error) }, 'did not stop cleanly');
    }
  }
}

async function inTime(stop: Part['stop'], mostMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${mostMs} ms`)), mostMs);
  try {
    await Promise.race([stop(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a daemon: starts it, waits for Ctrl-C, a termination signal or the end of the process that started it, stops
 * it. A second signal ends at once. A process that started it over a channel is told `ready`, or why it could not start.
 * @param start gives back how to stop
 * @returns the exit code
 */
export async function runDaemon(
  log: Log,
  start: () => Promise<{ stop: () => Promise<void> }>,
): Promise<number> {
  const asked = stopAsked();
  let running: { stop: () => Promise<void> };
  try {
    running = await start();
    process.send?.('ready');
  } catch (error) {
    log.error({ error: reasonOf(error) }, 'could not start');
    process.send?.(reasonOf(error));
    // The channel would keep this process alive, and whoever started it waiting for its end.
    if (process.connected) process.disconnect();
    return 1;
  }
  log.info({ reason: await asked }, 'stopping');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await running.stop();
  // What a part left behind must not keep the process; in order, it is gone before.
  setTimeout(() => process.exit(), leftBehindMs).unref();
  return 0;
}

/** In words where the system's are not enough. */
function reasonOf(error: unknown): string {
  const reason = messageOf(error);
  return codeOf(error) === 'EADDRINUSE'
    ? `${reason}: another program, perhaps another hub, has this port`
    : reason;
}

function stopAsked(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
    // Started by `tongtang start` over a channel: when that process is gone, nobody is left to stop this one.
    if (process.channel !== undefined) process.once('disconnect', () => resolve('parent gone'));
  });
}
