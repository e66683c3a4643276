import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type ReflectorCounters, SharedCounters } from './counters.ts';
import type { ThreadData, ThreadMessage } from './reflector-thread.ts';
import type { Listening, ListenOptions } from './session-reflector.ts';

export type ReflectorOptions = ListenOptions & Readonly<{ log: Log }>;

export type Reflector = Listening & Readonly<{ counters: () => ReflectorCounters }>;

/**
 * Answers test packets (session-reflector.ts) until stopped, in a thread of its own: while this one writes to a
 * database or collects garbage, replies would be late, and every classroom would measure that as jitter of its line.
 * @throws (rejects) where the address cannot be listened on
 */
export async function startReflector({ log, ...options }: ReflectorOptions): Promise<Reflector> {
  const counters = new SharedCounters();
  const workerData: ThreadData = { options, counters: counters.memory };
  const thread = new Worker(new URL('./reflector-thread.ts', import.meta.url), {
    workerData,
    // Packets are short-lived: a small nursery is collected in no time, a large one only fills memory.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const address = await listening(thread);
  thread.on('message', (message: ThreadMessage) => log.warn(message, 'reflector socket'));
  thread.on('error', (error) => log.error({ error: messageOf(error) }, 'the reflector has died'));
  const stop = async () => {
    if (thread.threadId === -1) return;
    const ended = once(thread, 'exit');
    thread.postMessage('stop');
    await ended;
  };
  return { address, counters: () => counters.read(), stop };
}

function listening(thread: Worker): Promise<Listening['address']> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (message: ThreadMessage) => {
      thread.off('error', reject);
      if (message.kind === 'listening') resolve(message.address);
      else reject(new Error(message.error));
    });
  });
}
