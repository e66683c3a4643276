import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { createServer } from 'vite';
import { fixtureHub } from './fixture-hub.ts';

/**
 * The console on the made-up county, as `npm run dev:fixture` shows it, on a free port of loopback.
 * @param now hub time in seconds: pictures are all of the same morning
 */
export async function startFixtureServer(
  now: () => number,
): Promise<Readonly<{ url: string; stop: () => Promise<void> }>> {
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    plugins: [preact(), fixtureHub(now)],
    server: { host: '127.0.0.1', port: 0 },
    logLevel: 'warn',
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, stop: () => server.close() };
}
