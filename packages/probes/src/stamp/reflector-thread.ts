import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '@tongtang/runtime/errors';
import { SharedCounters } from './counters.ts';
import { type Listening, type ListenOptions, listen } from './session-reflector.ts';

/** The thread that reflector.ts starts: answers until it is sent anything. */
export type ThreadData = Readonly<{ options: ListenOptions; counters: SharedArrayBuffer }>;

export type ThreadMessage =
  | Readonly<{ kind: 'listening'; address: Listening['address'] }>
  | Readonly<{ kind: 'error'; error: string }>;

if (parentPort !== null) await answerUntilTold(parentPort, workerData);

async function answerUntilTold(
  parent: NonNullable<typeof parentPort>,
  { options, counters }: ThreadData,
): Promise<void> {
  const say = (message: ThreadMessage) => parent.postMessage(message);
  const onError = (error: Error) => say({ kind: 'error', error: messageOf(error) });
  const { address, stop } = await listen(options, new SharedCounters(counters), onError);
  // The socket keeps the thread alive, and nothing else does.
  parent.once('message', () => stop());
  say({ kind: 'listening', address });
}
