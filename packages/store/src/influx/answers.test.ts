import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, describe, expect, it } from 'vitest';
import { base, ping, samplesOf } from '../plain-answers.contract.ts';
import { place, query } from '../store-in-test.contract.ts';
import { retention, type TelemetryStore } from '../telemetry.ts';
import { parseInfluxLocation } from './location.ts';
import { openInfluxStore } from './store.ts';

/** A server that answers as InfluxDB 2.x and 3, proxies and busy servers may: what Debian's InfluxDB cannot be made to say. */
type Reply = readonly [status: number, body: string];

let server: Server | undefined;
let store: TelemetryStore | undefined;
const bothPolicies = JSON.stringify({
  results: [{ series: [{ columns: ['name'], values: [['raw'], ['minute']] }] }],
});

afterEach(async () => {
  await store?.close();
  server?.close();
  server?.closeAllConnections();
});

async function served(
  answer: (request: IncomingMessage, body: string) => Reply,
  path = '/db',
): Promise<TelemetryStore> {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const [status, text] =
      request.url?.includes('/query') === true ? [200, bothPolicies] : answer(request, body);
    seen.push([request.url?.replace(/\?.*/, '') ?? '', request.headers.authorization ?? '']);
    response.writeHead(status).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const journal = join(mkdtempSync(join(tmpdir(), 'tongtang-answers-')), 'rollup.db');
  seen.length = 0;
  store = openInfluxStore(parseInfluxLocation(`http://127.0.0.1:${port}${path}`), {
    journal,
    log: createLog('error'),
    nowS: () => Date.now() / 1000,
  });
  return store;
}

const seen: [path: string, authorization: string][] = [];
const batch = (lines: number, from = base): Parameters<TelemetryStore['write']>[0] => [
  { place, samples: samplesOf(...Array.from({ length: lines }, (_, at) => ping(from + at, `sent=${at}i`))) },
];

describe('the answers of other servers', () => {
  it('a token signs in for queries and writes, behind a proxy too', async () => {
    const open = await served(() => [204, ''], '/influx/db?token=my-token');
    await open.write(batch(1));
    expect(seen).toEqual([
      ['/influx/query', 'Token my-token'],
      ['/influx/write', 'Token my-token'],
    ]);
  });

  it('nothing is said about who we are where nobody asked', async () => {
    const open = await served(() => [204, '']);
    await open.write(batch(1));
    expect(seen.map(([, authorization]) => authorization)).toEqual(['', '']);
  });

  it.each([
    [503, '{"error":"timeout"}', 'InfluxDB answers 503: timeout'],
    [429, 'slow down', 'InfluxDB answers 429: slow down'],
    [
      401,
      '{"code":"unauthorized","message":"unauthorized access"}',
      'InfluxDB answers 401: unauthorized access',
    ],
    [400, '<html>Bad Request</html>', 'InfluxDB answers 400: <html>Bad Request</html>'],
  ])('%i rejects the whole write, to be tried again', async (status, body, message) => {
    const open = await served(() => [status, body]);
    await expect(open.write(batch(3))).rejects.toThrow(message);
  });

  it('413 makes smaller requests until they fit', async () => {
    const sizes: number[] = [];
    const open = await served((_, body) => {
      const lines = body.split('\n').length;
      if (lines <= 3) sizes.push(lines);
      return lines > 3 ? [413, 'Request Entity Too Large'] : [204, ''];
    });
    expect(await open.write(batch(10))).toEqual({ refused: [] });
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(10);
  });

  it('a bad line among others is found where the server says no more than that there is one', async () => {
    const open = await served((_, body) =>
      body.includes('sent=6i')
        ? [422, '{"code":"unprocessable entity","message":"partial write"}']
        : [204, ''],
    );
    const { refused } = await open.write(batch(10));
    expect(refused).toMatchObject([{ agent: 'agent-1', reason: 'partial write' }]);
    expect(refused[0]?.line).toContain('sent=6i');
  });

  it.each([
    'points beyond retention policy',
    'dropped 50 points outside retention policy of duration 720h0m0s',
  ])('“%s”: lines near its end are refused at once where the server left out all of them', async (words) => {
    let asked = 0;
    const open = await served((_, body) => {
      asked += 1;
      return [400, `{"error":"partial write: ${words} dropped=${body.split('\n').length}"}`];
    });
    const nearlyOver = Math.floor(Date.now() / 1000) - retention.rawS + 86_400;
    expect((await open.write(batch(50, nearlyOver))).refused).toHaveLength(50);
    await expect(open.write(batch(50, nearlyOver + 2 * 86_400))).rejects.toThrow(/as past its retention/);
    expect(asked).toBe(2);
  });

  it('an answer without end is not read to the end', async () => {
    const open = await served(() => [204, '']);
    await open.check();
    server?.removeAllListeners('request');
    let sent = 0;
    server?.on('request', (_, response) => {
      const megabyte = Buffer.alloc(1 << 20, ' ');
      const more = (): void => {
        sent += 1;
        if (!response.destroyed) response.write(megabyte, () => setImmediate(more));
      };
      more();
    });
    await expect(open.series(query('sent'))).rejects.toThrow(/the answer is too large: name an agent/);
    expect(sent).toBeLessThan(200);
  });

  it('an answer that breaks off rejects', async () => {
    const open = await served((request) => {
      request.socket.destroy();
      return [204, ''];
    });
    await expect(open.write(batch(1))).rejects.toThrow();
  });
});
