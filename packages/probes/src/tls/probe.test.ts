import { once } from 'node:events';
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { Authority, type KeyPair } from './certificates.fixture.ts';
import { tls } from './probe.ts';

const known = getCACertificates('default');
let authority: Authority;
beforeAll(() => {
  authority = new Authority(300);
  setDefaultCACertificates([authority.certificate]);
});
afterAll(() => {
  setDefaultCACertificates(known);
  authority.remove();
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, 'localhost'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

const serve = (pair: KeyPair) => listening(createServer(pair));
const handshake_ms = expect.any(Number);

describe('tls', () => {
  it('times the handshake and counts the days of a good certificate', async () => {
    const port = await serve(authority.issue('localhost', 90));
    const result = await tls.run(`localhost:${port}`, testContext());
    expect(result).toEqual({ ok: true, fields: { handshake_ms, days_left: expect.closeTo(90, 1) } });
  });

  it('counts to the first expiry of the whole chain', async () => {
    const port = await serve(authority.issue('localhost', 1000));
    const result = await tls.run(`https://localhost:${port}/`, testContext());
    expect(result).toMatchObject({ ok: true, fields: { days_left: expect.closeTo(300, 1) } });
  });

  it('measures an expired certificate and blames the target', async () => {
    const port = await serve(authority.issue('localhost', -1));
    expect(await tls.run(`localhost:${port}`, testContext())).toEqual({
      ok: false,
      source: 'target',
      error: 'CERT_HAS_EXPIRED',
      fields: { handshake_ms, days_left: expect.closeTo(-1, 1) },
    });
  });

  it('measures a certificate that nobody vouches for and blames the target', async () => {
    const stranger = new Authority(30);
    const port = await serve(stranger.issue('localhost', 20));
    stranger.remove();
    expect(await tls.run(`localhost:${port}`, testContext())).toMatchObject({
      ok: false,
      source: 'target',
      error: expect.stringContaining('SELF_SIGNED_CERT'),
      fields: { handshake_ms, days_left: expect.closeTo(20, 1) },
    });
  });

  it("blames the target for another's certificate", async () => {
    const port = await serve(authority.issue('other.example', 90));
    expect(await tls.run(`localhost:${port}`, testContext())).toMatchObject({
      ok: false,
      source: 'target',
      error: 'ERR_TLS_CERT_ALTNAME_INVALID',
      fields: { days_left: expect.closeTo(90, 1) },
    });
  });

  it('blames the target where no TLS is spoken', async () => {
    const port = await listening(createTcpServer((socket) => socket.end('220 mail\r\n')));
    const result = await tls.run(`localhost:${port}`, testContext());
    expect(result).toMatchObject({ ok: false, source: 'target' });
  });

  it('blames the target for silence after the connection stands', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => socket.destroy())));
    const result = await tls.run(`localhost:${port}`, testContext(200));
    expect(result).toEqual({ ok: false, source: 'target', error: 'timeout' });
  });

  it('blames the target for a refusal', async () => {
    const port = await listening(createTcpServer());
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
    const result = await tls.run(`localhost:${port}`, testContext());
    expect(result).toEqual({ ok: false, source: 'target', error: 'ECONNREFUSED' });
  });

  it('checks addresses without touching the network', () => {
    for (const good of ['school.example', 'school.example:8443', 'https://school.example/x', '[::1]'])
      expect(tls.checkAddress(good)).toBeUndefined();
    for (const bad of ['', 'http://school.example', 'https://me:secret@school.example', 'a:b'])
      expect(tls.checkAddress(bad)).toContain('is not host');
  });
});
