import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { matches } from './topic-filter.ts';

type Message = Readonly<{ topic: string; payload: string | Buffer }>;

/** Its declarations promise a default export that is not there. */
const openMemory: () => object = createRequire(import.meta.url)('aedes-persistence');

/**
 * The memory of aedes, but for retained messages, which are found by their topic. Its own compares every one of them
 * with every filter that is subscribed: with 2000 agents that come back, nine milliseconds for each of them.
 */
export function openPersistence() {
  const retained = new Map<string, Message>();
  const found = (filter: string): readonly Message[] => {
    if (/[+#]/.test(filter)) return [...retained.values()].filter(({ topic }) => matches(filter, topic));
    const message = retained.get(filter);
    return message === undefined ? [] : [message];
  };
  return Object.assign(openMemory(), {
    storeRetained: async (message: Message): Promise<void> => {
      if (message.payload.length === 0) retained.delete(message.topic);
      else retained.set(message.topic, { ...message });
    },
    createRetainedStream: (filter: string): Readable => Readable.from(found(filter)),
    createRetainedStreamCombi: (filters: readonly string[]): Readable =>
      Readable.from(filters.flatMap(found)),
  });
}
