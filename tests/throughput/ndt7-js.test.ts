import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../console/browser.ts';
import { ranAgainst } from '../services/components.ts';
import { adminToken, dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';

/**
 * The hub as a server for others: Measurement Lab's own client for browsers (npm `@m-lab/ndt7`), unchanged, in Chromium. It
 * needs Web Workers and a browser's WebSocket, so Node alone cannot run it.
 */

const require = createRequire(import.meta.url);
const sources = dirname(require.resolve('@m-lab/ndt7'));
const { version }: { version: string } = JSON.parse(readFileSync(join(sources, '../package.json'), 'utf8'));

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Runs in the page. */
const testInPage = `async ([server, token]) => {
  const seen = { errors: [] };
  const code = await ndt7.test(
    {
      server,
      protocol: 'ws',
      mlabDataPolicyInapplicable: true,
      metadata: { client_name: 'tongtang-tests', ...(token && { access_token: token }) },
    },
    {
      error: (error) => seen.errors.push(String(error)),
      downloadComplete: (result) => { seen.download = result; },
      uploadComplete: (result) => { seen.upload = result; },
    },
  );
  return JSON.stringify({ code, ...seen });
}`;

describe('ndt7-js, the public client', () => {
  let hub: TestHub;
  let test: (token?: string) => Promise<unknown>;
  beforeAll(async () => {
    ranAgainst(`@m-lab/ndt7 ${version}`);
    const data = dataFolder();
    cleanUp.push(data.remove);
    hub = await startTestHub(data.path);
    cleanUp.push(() => hub.process().stop());
    const files = createServer(({ url = '' }, response) => {
      const script = readdirSync(sources).find((name) => url === `/${name}`);
      const type = script === undefined ? 'text/html' : 'text/javascript';
      response.setHeader('content-type', type);
      response.end(
        script === undefined ? '<script src="ndt7.js"></script>' : readFileSync(join(sources, script)),
      );
    }).listen(0, '127.0.0.1');
    await once(files, 'listening');
    cleanUp.push(() => files.close());
    const at = files.address();
    if (at === null || typeof at === 'string') throw new Error('no port');
    const browser = await startChromium();
    cleanUp.push(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${at.port}/`);
    test = async (token = '') => {
      const words = JSON.stringify([new URL(hub.url).host, token]);
      return JSON.parse(await page.evaluate<string>(`(${testInPage})(${words})`));
    };
  });

  it('downloads and uploads, and takes the hub for a server of its kind', async () => {
    const result = await test(adminToken);
    const measured = (direction: string) => ({
      LastClientMeasurement: { NumBytes: expect.any(Number), MeanClientMbps: expect.any(Number) },
      LastServerMeasurement: {
        AppInfo: { NumBytes: expect.any(Number), ElapsedTime: expect.any(Number) },
        ConnectionInfo: { Client: expect.any(String), Server: expect.any(String), UUID: expect.any(String) },
        Origin: 'server',
        Test: direction,
      },
    });
    expect(result).toMatchObject({
      code: 0,
      errors: [],
      download: measured('download'),
      upload: measured('upload'),
    });
  }, 60_000);

  it('is refused without a token', async () => {
    const result = await test();
    expect(result).toMatchObject({ errors: ['error', 'error'] });
    expect(result).not.toHaveProperty('download.LastServerMeasurement');
  }, 60_000);
});
