import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KeyPair } from '../tls/certificates.fixture.ts';

/** What a server of somebody else's does in one direction of a test. */
export type Conduct = (socket: WebSocket, connection: Socket, request: IncomingMessage) => void;

export type ForeignServer = Readonly<{
  /** As the probe wants it. */
  address: string;
  /** What a strict server would complain of, in words. */
  complaints: readonly string[];
  /** Octets of upload messages that came, by message. */
  uploaded: readonly number[];
  /** Requests that came, refused or not. */
  requests: readonly string[];
  stop: () => Promise<void>;
}>;

/**
 * A server of ndt7 that is not ours, written from the protocol's specification alone: it holds the client to each MUST, and
 * answers a request as told.
 * @param pair key and certificate of `localhost`, where it is to speak TLS
 * @param refusal the answer to a request instead of a test, where there is to be none
 */
export async function startForeignServer(
  conduct: Readonly<{ download: Conduct; upload: Conduct }>,
  refusal: (direction: string) => string | undefined = () => undefined,
  pair?: KeyPair,
): Promise<ForeignServer> {
  const complaints: string[] = [];
  const uploaded: number[] = [];
  const requests: string[] = [];
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 2 ** 24,
    handleProtocols: () => 'net.measurementlab.ndt.v7',
  });
  const server = (pair === undefined ? createServer() : createSecureServer(pair)).on(
    'upgrade',
    (request, stream, head) => {
      if (!(stream instanceof Socket)) throw new Error('no socket');
      stream.on('error', () => stream.destroy());
      const { pathname, search, searchParams } = new URL(request.url ?? '', 'http://server');
      requests.push(pathname);
      const complain = (objection: string | false) => objection && complaints.push(objection);
      const { headers } = request;
      complain(
        headers['sec-websocket-protocol'] !== 'net.measurementlab.ndt.v7' &&
          'Sec-WebSocket-Protocol: is not net.measurementlab.ndt.v7',
      );
      complain((headers['user-agent'] ?? '').length < 3 && 'User-Agent: is not meaningful');
      complain(search.length > 4096 && 'query: is longer than 4096');
      const keys = [...searchParams.keys()];
      complain(new Set(keys).size < keys.length && 'query: a key comes twice');
      complain([...searchParams.values()].some((value) => value === '') && 'query: a key without a value');
      const direction = /^\/ndt\/v7\/(download|upload)$/.exec(pathname)?.[1];
      const answer = refusal(direction ?? '');
      if (answer !== undefined) {
        stream.end(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      if (direction !== 'download' && direction !== 'upload') {
        complaints.push(`path: ${pathname}`);
        stream.destroy();
        return;
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        socket.on('error', () => socket.terminate());
        socket.on('message', (data: Buffer, isBinary) => {
          if (!isBinary)
            return void complain('ConnectionInfo' in JSON.parse(data.toString()) && 'ConnectionInfo');
          complain(direction === 'download' && 'a binary message in a download');
          complain(data.length < 2 ** 10 && 'a message of less than 1024 octets');
          complain(!Number.isInteger(Math.log2(data.length)) && 'a message that is no power of two');
          complain(
            uploaded.length === 0 && data.length !== 2 ** 13 && 'a first message that is not 8192 octets',
          );
          uploaded.push(data.length);
        });
        conduct[direction](socket, stream, request);
      });
    },
  );
  server.listen(0, pair === undefined ? '127.0.0.1' : 'localhost');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('no port');
  return {
    address: pair === undefined ? `ws://127.0.0.1:${at.port}` : `wss://localhost:${at.port}`,
    complaints,
    uploaded,
    requests,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends messages of a size until there were enough of them, then closes in order. */
export function sending(
  size: number,
  count: number,
  between: (socket: WebSocket) => void = () => {},
): Conduct {
  return (socket) => {
    const message = Buffer.alloc(size, 'x');
    let sent = 0;
    const next = (): void => {
      if (socket.readyState !== socket.OPEN) return;
      if (sent === count) {
        socket.close(1000);
        return;
      }
      sent += 1;
      between(socket);
      socket.send(message, (error) => {
        if (!error) setImmediate(next);
      });
    };
    next();
  };
}

/** Says every so many milliseconds how many octets came. */
export function counting(everyMs: number): Conduct {
  return (socket, connection) => {
    const start = performance.now();
    const timer = setInterval(() => {
      const ElapsedTime = Math.round((performance.now() - start) * 1000);
      socket.send(JSON.stringify({ TCPInfo: { BytesReceived: connection.bytesRead, ElapsedTime } }));
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  };
}
