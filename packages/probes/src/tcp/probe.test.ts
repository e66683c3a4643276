import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { startMuteListener } from './mute-listener.fixture.ts';
import { tcp } from './probe.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).end());
  servers.push(server.listen(0, host));
  await once(server, 'listening');
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

describe('tcp', () => {
  it('times a connection', async () => {
    const port = await listen('127.0.0.1');
    expect(await tcp.run(`127.0.0.1:${port}`, testContext())).toEqual({
      ok: true,
      fields: { connect_ms: expect.any(Number), refused: false },
    });
  });

  it('reaches IPv6 addresses', async () => {
    const port = await listen('::1');
    expect(await tcp.run(`[::1]:${port}`, testContext())).toMatchObject({ ok: true });
  });

  it('times the resolver where a name is given', async () => {
    const port = await listen('localhost');
    const result = await tcp.run(`localhost:${port}`, testContext());
    expect(result).toMatchObject({ ok: true, fields: { resolve_ms: expect.any(Number) } });
  });

  it('takes a refusal as an answer of the host', async () => {
    const port = await listen('127.0.0.1');
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
    expect(await tcp.run(`127.0.0.1:${port}`, testContext())).toEqual({
      ok: true,
      fields: { connect_ms: expect.any(Number), refused: true },
    });
  });

  it('blames the path for silence', async () => {
    const mute = await startMuteListener();
    try {
      const result = await tcp.run(`127.0.0.1:${mute.port}`, testContext(300));
      expect(result).toEqual({ ok: false, source: 'path', error: 'timeout', fields: {} });
    } finally {
      await mute.stop();
    }
  });

  it('blames the resolver for a name that it does not give in time', async () => {
    const result = await tcp.run('localhost:9', { ...testContext(), signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, source: 'resolver', error: 'timeout' });
  });

  it('checks addresses without touching the network', () => {
    expect(tcp.checkAddress('school.example:443')).toBeUndefined();
    expect(tcp.checkAddress('school.example')).toContain('not host:port');
    expect(tcp.checkAddress('http://school.example:80')).toContain('not host:port');
  });
});
