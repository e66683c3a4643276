import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMessageStore } from './message-store.ts';

const child = join(import.meta.dirname, 'telling.child.ts');
const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const channels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
/** A channel takes five messages in 20 s: in each round it is sent to. */
const rounds = 3;

/** What each of the channels was told: incidents by message, with whether it was said to be sent again. */
let requestsUntilKill = 0;
let kill = (): void => {};
const told: { channel: string; incidents: string[]; again: boolean }[] = [];
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body: { data: { text: string; notices: { incident: string }[] } } = JSON.parse(text);
  told.push({
    channel: String(request.url).slice(1),
    incidents: body.data.notices.map(({ incident }) => incident),
    again: body.data.text.includes('重启后重发'),
  });
  requestsUntilKill -= 1;
  if (requestsUntilKill === 0) kill();
  // It has the message; the sender may not live to know.
  setTimeout(() => response.writeHead(204).end(), 40);
});
let yaml: string;
const folder = mkdtempSync(join(tmpdir(), 'tongtang-notify-'));
const path = join(folder, 'notify.db');
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const lines = channels.map(
    (name) =>
      `  ${name}: { kind: webhook, url: "http://127.0.0.1:${address.port}/${name}", secret: ${secret} }`,
  );
  yaml = `console: https://tongtang.example\nchannels:\n${lines.join('\n')}\nroutes:\n  - { name: all, to: [${channels.join(', ')}] }\n`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs the child until so many messages have come, then kills it in the middle of whatever it does. @returns the last that it took */
async function takeUntilKilled(first: number, requests: number): Promise<number> {
  const process_ = spawn(process.execPath, [child, path, yaml, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  requestsUntilKill = requests;
  kill = () => process_.kill('SIGKILL');
  let last = first - 1;
  const reader = createInterface({ input: process_.stdout });
  reader.on('line', (line) => {
    last = Number(line);
  });
  await Promise.all([once(reader, 'close'), once(process_, 'exit')]);
  return last;
}

describe('kill -9', () => {
  it('takes no notice that was taken, and has nothing told twice but what was under way, which says so', async () => {
    let next = 0;
    for (let round = 0; round < rounds; round += 1)
      // The last one may or may not have been taken: it is brought again, as incidents do.
      next = await takeUntilKilled(Math.max(0, next - 1), channels.length + Math.floor(Math.random() * 3));
    const store = openMessageStore(path, createLog('error'));
    store.resumeInterrupted();
    for (const channel of channels) {
      const waiting = store.due(channel, Date.now() / 1000 + 60);
      const sent = told.filter((message) => message.channel === channel);
      for (let number = 0; number <= next; number += 1) {
        const incident = `i-${number}`;
        const times = sent.filter(({ incidents }) => incidents.includes(incident));
        const waits = waiting.filter(({ notice }) => notice.incident === incident);
        // Either it was told, or it waits; where both, it was being told when the kill came, and will say so.
        expect(times.length + waits.length, incident).toBeGreaterThan(0);
        expect(times.slice(1).filter(({ again }) => !again)).toEqual([]);
        if (times.length > 0) for (const each of waits) expect(each.again).toBe(true);
      }
      // What is under way at a kill is one message to a channel.
      expect(sent.filter(({ again }) => again).length).toBeLessThanOrEqual(rounds);
    }
    // The kills came while messages were under way.
    expect(told.some(({ again }) => again)).toBe(true);
    store.close();
  }, 120_000);
});
