import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { connectAsync } from 'mqtt';

/**
 * Publishes each line of its input as one message: what an agent without outbox, batches and dictionary would send.
 *
 *   node plain-publisher.ts <broker URL> <topic>
 */
const [, , broker = '', topic = ''] = process.argv;
/** Longer than a receiver waits with its acknowledgement. Milliseconds. */
const pauseMs = 300;

const client = await connectAsync(broker, { protocolVersion: 4, keepalive: 90 });
await wait(pauseMs);
process.stdout.write('connected\n');
const lines = createInterface(process.stdin);
const messages: string[] = [];
lines.on('line', (line) => messages.push(line));
await once(lines, 'close');
for (const message of messages) {
  await client.publishAsync(topic, message, { qos: 1 });
  await wait(pauseMs);
}
process.stdout.write('published\n');
await once(process, 'SIGTERM');
