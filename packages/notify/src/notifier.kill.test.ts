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
const channels = ['a', 'b', 'c', 'd', 'e', 'f'];
const rounds = 5;

/** What each of the channels was told: incidents by message, with whether it was said to be sent again. */
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
  // Slow enough that a kill often finds a message under way.
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

/** Runs the child until it has taken so many, then kills it in the middle of whatever it does. */
async function takeUntilKilled(first: number, count: number): Promise<number> {
  const process_ = spawn(process.execPath, [child, path, yaml, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = first - 1;
  const reader = createInterface({ input: process_.stdout });
  reader.on('line', (line) => {
    last = Number(line);
    if (last - first + 1 >= count) process_.kill('SIGKILL');
  });
  await Promise.all([once(reader, 'close'), once(process_, 'exit')]);
  return last;
}

describe('kill -9', () => {
  it('takes no notice that was taken, and has nothing told twice but what was under way, which says so', async () => {
    let next = 0;
    for (let round = 0; round < rounds; round += 1)
      // The last one may or may not have been taken: it is brought again, as incidents do.
      next = await takeUntilKilled(Math.max(0, next - 1), 3 + Math.floor(Math.random() * 40));
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
      const repeats =
        sent.flatMap(({ incidents }) => incidents).length -
        new Set(sent.flatMap(({ incidents }) => incidents)).size;
      // What is under way at a kill is one message to a channel.
      expect(sent.filter(({ again }) => again).length).toBeLessThanOrEqual(rounds);
      if (repeats > 0) expect(sent.some(({ again }) => again)).toBe(true);
    }
    expect(told.length).toBeGreaterThan(channels.length);
    store.close();
  }, 60_000);
});
