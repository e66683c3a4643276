import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { isIPv6, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Direction, largestMessage, pathOf, subprotocol } from '@tongtang/probes/throughput/ndt7';
import { messageOf } from '@tongtang/runtime/errors';
import { type WebSocket, WebSocketServer } from 'ws';
import type { TokenHolder } from '../http/access.ts';
import type { HttpDeps } from '../http/deps.ts';
import { ApiError } from '../http/errors.ts';
import { Admission } from './admission.ts';
import { runLoad } from './load.ts';
import { visitorsOf } from './visitor.ts';

/** So much of a test is a result. Octets. */
const enoughBytes = 2 ** 13;

/** Whether a request is for a test: only those change from HTTP to WebSocket. */
export function isForThroughput(request: IncomingMessage): boolean {
  return testOf(request) !== undefined;
}

/**
 * Serves ndt7 on an HTTP server: downloads at `/ndt/v7/download`, uploads at `/ndt/v7/upload`.
 * @returns how to end a test that is on, and to begin no more
 */
export function serveThroughput(server: Server, deps: HttpDeps, holder: TokenHolder): () => void {
  const { log, ingestBusy } = deps;
  const admission = new Admission(() => performance.now());
  const visitorOf = visitorsOf(deps, holder);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: largestMessage,
    handleProtocols: () => subprotocol,
  });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    take(request, stream, head).catch((error: unknown) => {
      if (!(error instanceof ApiError)) log.error({ error: messageOf(error) }, 'a throughput test failed');
      refuse(stream, error instanceof ApiError ? error : new ApiError('internal', 'its log says why'));
    });
  });

  async function take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const test = testOf(request);
    if (test === undefined || !(stream instanceof Socket))
      throw new ApiError('not_found', 'there is no such test');
    const { direction, query } = test;
    if (!protocolsOf(request).includes(subprotocol))
      throw new ApiError('invalid_input', `Sec-WebSocket-Protocol: must be ${subprotocol}`);
    checkEarlyExit(query);
    const visitor = await visitorOf(request, query);
    if (ingestBusy()) throw new ApiError('busy', 'the hub has other work', 60);
    const admitted = admission.admit(visitor, direction, () => stream.destroy());
    if (!admitted.ok) throw new ApiError('busy', admitted.reason, admitted.retryAfterS);
    const notBegun = (): void => admitted.leave(false);
    if (stream.destroyed) return notBegun();
    // The handshake may still fail.
    stream.once('close', notBegun);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      stream.off('close', notBegun);
      log.info({ visitor: visitor.name, direction }, 'throughput test');
      run(socket, stream, direction).then(
        (bytes) => admitted.leave(bytes >= enoughBytes),
        (error: unknown) => {
          log.error({ error: messageOf(error) }, 'a throughput test failed');
          stream.destroy();
          admitted.leave(false);
        },
      );
    });
  }

  function run(socket: WebSocket, stream: Socket, direction: Direction): Promise<number> {
    const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = stream;
    const ends = { client: end(remoteAddress, remotePort), server: end(localAddress, localPort) };
    const uuid = randomUUID();
    return runLoad({ direction, socket, connection: stream, uuid, ends, crowded: ingestBusy });
  }

  return () => {
    for (const socket of sockets.clients) socket.close(1001, 'the hub stops');
    for (const socket of sockets.clients) socket.terminate();
  };
}

/** Which test a request is for, whatever stands in its first line. */
function testOf({ url = '' }: IncomingMessage): { direction: Direction; query: URLSearchParams } | undefined {
  const location = URL.parse(url, 'http://hub');
  const direction = (['download', 'upload'] as const).find((one) => location?.pathname === pathOf[one]);
  if (location === null || direction === undefined) return undefined;
  return { direction, query: location.searchParams };
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** 250 MB are what a test ends with anyway; the reference server knows no other value either. */
function checkEarlyExit(query: URLSearchParams): void {
  const asked = query.get('early_exit');
  if (asked !== null && asked !== '250') throw new ApiError('invalid_input', 'early_exit: may only be 250');
}

function end(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/** Answers as HTTP, in the form of all errors. */
function refuse(stream: Duplex, { code, statusCode, message, retryAfterS }: ApiError): void {
  if (stream.destroyed || !stream.writable) return;
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(retryAfterS === undefined ? [] : [`retry-after: ${retryAfterS}`]),
    ...(statusCode === 401 ? ['www-authenticate: Basic realm="tongtang"'] : []),
    'connection: close',
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
