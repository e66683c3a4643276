import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export type TestServer = Readonly<{
  port: number;
  /** First lines of all requests that came. */
  requests: string[];
  close: () => Promise<void>;
}>;

/** Streams of a SAT>IP server, by their status and whether anybody watches them. */
export type Stream = Readonly<{ status: string; playing: boolean }>;

/** A SAT>IP server that answers DESCRIBE as the specification (1.2.2, section 3.5.2.6) and minisatip do. */
export function startSatipServer(
  streams: readonly Stream[],
  { header = '', host = '127.0.0.1' } = {},
): Promise<TestServer> {
  return startServer((socket, request) => {
    const cseq = /^CSeq: (\d+)$/m.exec(request)?.[1] ?? '0';
    if (!/^DESCRIBE rtsp:\/\/(?:127\.0\.0\.1|\[::1\]):\d+\/ RTSP\/1\.0$/m.test(request))
      socket.end(`RTSP/1.0 405 Method Not Allowed\r\nCSeq: ${cseq}\r\n\r\n`);
    else if (streams.length === 0) socket.end(`RTSP/1.0 404 Not Found\r\nCSeq: ${cseq}\r\n\r\n`);
    else {
      const body = describeStreams(streams);
      socket.end(
        `RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\n${header}Content-Type: application/sdp\r\nContent-Base: rtsp://127.0.0.1/\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
  }, host);
}

function describeStreams(streams: readonly Stream[]): string {
  const head = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=SatIPServer:1 4,0,0\r\nt=0 0\r\n';
  const media = streams.map(
    ({ status, playing }, index) =>
      `m=video 0 RTP/AVP 33\r\nc=IN IP4 0.0.0.0\r\na=control:stream=${index + 1}\r\na=fmtp:33 ${status}\r\na=${playing ? 'sendonly' : 'inactive'}\r\n`,
  );
  return head + media.join('');
}

/** A server that does as it is told with each request. */
export async function startServer(
  answer: (socket: Socket, request: string) => void,
  host = '127.0.0.1',
): Promise<TestServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket.setEncoding('latin1'));
    socket.on('error', () => socket.destroy());
    socket.on('data', (request: string) => {
      requests.push(request.split('\r\n')[0] ?? '');
      answer(socket, request);
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  const close = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((closed) => server.close(closed));
  };
  return { port: address.port, requests, close };
}
