import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { Authority } from '../tls/certificates.fixture.ts';
import { bodyLimitBytes } from './get.ts';
import { http } from './probe.ts';

const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server.listen(0, 'localhost'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

const serve = (answer: RequestListener) => listening(createServer(answer));
const fetchFrom = (port: number, path = '/', budgetMs?: number) =>
  http.run(`http://localhost:${port}${path}`, testContext(budgetMs));
const ms = expect.any(Number);

describe('http', () => {
  it('reports each phase of a page', async () => {
    const port = await serve((_, response) => response.end('同堂'));
    expect(await fetchFrom(port)).toEqual({
      ok: true,
      fields: { resolve_ms: ms, connect_ms: ms, first_byte_ms: ms, status: 200, body_bytes: 6 },
    });
  });

  it('asks for the path and the host that the address names', async () => {
    const asked: unknown[] = [];
    const port = await serve((request, response) => {
      asked.push(request.method, request.url, request.headers.host);
      response.end();
    });
    await fetchFrom(port, '/a%20b/?q=1#top');
    expect(asked).toEqual(['GET', '/a%20b/?q=1', `localhost:${port}`]);
  });

  it('opens a new connection each time', async () => {
    const ports = new Set<unknown>();
    const port = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    await fetchFrom(port);
    await fetchFrom(port);
    expect(ports.size).toBe(2);
  });

  it.each([301, 403, 404])('takes %d for an answer and follows nothing', async (status) => {
    let requests = 0;
    const port = await serve((_, response) => {
      requests += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await fetchFrom(port)).toMatchObject({ ok: true, fields: { status } });
    expect(requests).toBe(1);
  });

  it('blames the target for a server error, and keeps what was measured', async () => {
    const port = await serve((_, response) => response.writeHead(503).end('full'));
    expect(await fetchFrom(port)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'HTTP 503',
      fields: { status: 503, first_byte_ms: ms, body_bytes: 4 },
    });
  });

  it('reads no more of a large body than its limit', async () => {
    const gone = Promise.withResolvers<void>();
    const port = await serve((_, response) => {
      const pour = () => {
        while (response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', pour).on('close', gone.resolve);
      pour();
    });
    expect(await fetchFrom(port)).toMatchObject({ ok: true, fields: { body_bytes: bodyLimitBytes } });
    await gone.promise;
  });

  it('blames the target for a body that ends too early', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    expect(await fetchFrom(port)).toMatchObject({ ok: false, source: 'target', fields: { status: 200 } });
  });

  it('blames the target for silence after the connection stands', async () => {
    const port = await serve(() => {});
    expect(await fetchFrom(port, '/', 200)).toEqual({
      ok: false,
      source: 'target',
      error: 'timeout',
      fields: { resolve_ms: ms, connect_ms: ms },
    });
  });

  it('ends with its signal in the middle of a body', async () => {
    const port = await serve((_, response) => response.write('x'));
    expect(await fetchFrom(port, '/', 300)).toMatchObject({
      ok: false,
      error: 'timeout',
      fields: { status: 200 },
    });
  });

  it.each(['220 mail\r\n', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`])(
    'blames the target for what is not HTTP',
    async (text) => {
      const port = await listening(
        createTcpServer((socket) => socket.on('error', () => socket.destroy()).end(text)),
      );
      expect(await fetchFrom(port)).toMatchObject({ ok: false, source: 'target' });
    },
  );

  it('blames the target for a refusal', async () => {
    const port = await serve(() => {});
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
    expect(await fetchFrom(port)).toMatchObject({ ok: false, source: 'target', error: 'ECONNREFUSED' });
  });

  it('checks addresses without touching the network', () => {
    for (const good of ['http://school.example', 'https://[::1]:8443/a?b', 'https://学校.中国/'])
      expect(http.checkAddress(good)).toBeUndefined();
    for (const bad of ['', 'school.example', 'ftp://school.example', 'http://me:secret@school.example'])
      expect(http.checkAddress(bad)).toContain('is not an http');
  });
});

describe('http over TLS', () => {
  const known = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(known));

  async function serveSecurely(trusted: boolean): Promise<{ port: number; asked: () => number }> {
    let asked = 0;
    const authority = new Authority(10);
    const answer: RequestListener = (_, response) => {
      asked += 1;
      response.end('x');
    };
    const port = await listening(createHttpsServer(authority.issue('localhost', 5), answer));
    authority.remove();
    if (trusted) setDefaultCACertificates([authority.certificate]);
    return { port, asked: () => asked };
  }

  it('reports the handshake, too', async () => {
    const { port } = await serveSecurely(true);
    expect(await http.run(`https://localhost:${port}/`, testContext())).toEqual({
      ok: true,
      fields: { resolve_ms: ms, connect_ms: ms, tls_ms: ms, first_byte_ms: ms, status: 200, body_bytes: 1 },
    });
  });

  it('asks nothing of a server whose certificate is not to be trusted', async () => {
    const { port, asked } = await serveSecurely(false);
    expect(await http.run(`https://localhost:${port}/`, testContext())).toEqual({
      ok: false,
      source: 'target',
      error: 'SELF_SIGNED_CERT_IN_CHAIN',
      fields: { resolve_ms: ms, connect_ms: ms, tls_ms: ms },
    });
    expect(asked()).toBe(0);
  });
});
