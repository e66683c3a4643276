import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Fields } from '@tongtang/model/sample';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { WebSocket } from 'ws';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import { connect } from '../tcp/connect.ts';
import { handshake } from '../tls/handshake.ts';
import type { Endpoint } from './endpoint.ts';
import { type Direction, largestMessage, openingMs, subprotocol } from './ndt7.ts';

/** Where a busy server does not say when to come again. Seconds. */
const usualRetryS = 60;

export type OpenTest = Readonly<{
  ok: true;
  socket: WebSocket;
  /** Ends the connection at once: what waits in the system to be sent is given up. */
  reset: () => void;
  /** Octets that came over the connection so far, whole messages or not. */
  arrived: () => number;
  fields: Fields;
}>;

type Failure = Extract<ProbeResult, { ok: false }> &
  Readonly<{ /** The server has no room now. Seconds. */ retryAfterS?: number }>;

/** Opens the WebSocket of one direction, paused. The signal ends it at any later time, too. */
export async function openTest(
  endpoint: Endpoint,
  direction: Direction,
  context: ProbeContext,
): Promise<OpenTest | Failure> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const slow = setTimeout(end, openingMs);
  context.signal.addEventListener('abort', end, { once: true });
  if (context.signal.aborted) end();
  try {
    return await open(endpoint, direction, { ...context, signal: ending.signal });
  } finally {
    clearTimeout(slow);
  }
}

async function open(
  endpoint: Endpoint,
  direction: Direction,
  context: ProbeContext,
): Promise<OpenTest | Failure> {
  const connection = await connect(endpoint, context);
  if (!connection.ok) {
    const { source, error, fields = {} } = connection;
    return { ok: false, source, error, fields };
  }
  const { socket: below, fields } = connection;
  let stream: Duplex = below;
  if (endpoint.secure) {
    const secured = await handshake(below, endpoint.host, context);
    if (!secured.ok) return { ...secured, fields };
    if (secured.distrust !== undefined) {
      below.destroy();
      return { ok: false, source: 'target', error: secured.distrust, fields };
    }
    stream = secured.socket;
  }
  const socket = new WebSocket(endpoint.urlOf(direction), subprotocol, {
    createConnection: () => stream,
    // What is measured is the path, not how well zeros can be packed.
    perMessageDeflate: false,
    maxPayload: largestMessage,
    headers: {
      'user-agent': 'tongtang',
      ...(endpoint.authorization !== undefined && { authorization: endpoint.authorization }),
    },
  });
  const refusal = await refusalOf(socket);
  const reset = (): void => {
    below.resetAndDestroy();
    socket.terminate();
  };
  if (refusal === undefined) return { ok: true, socket, reset, arrived: () => below.bytesRead, fields };
  socket.terminate();
  below.destroy();
  const error = context.signal.aborted ? 'timeout' : refusal.error;
  return { ...refusal, ok: false, source: 'target', error, fields };
}

/** @returns why there is no test; undefined where it may begin */
function refusalOf(
  socket: WebSocket,
): Promise<Readonly<{ error: string; retryAfterS?: number }> | undefined> {
  return new Promise((settle) => {
    socket.once('open', () => {
      // What comes with the answer waits until somebody counts it.
      socket.pause();
      settle(undefined);
    });
    socket.once('unexpected-response', (_request, response) => settle(answerOf(response)));
    // Stays, for whatever breaks later is told by `close`.
    socket.on('error', (error) => settle({ error: codeOf(error) ?? messageOf(error) }));
  });
}

function answerOf(response: IncomingMessage): Readonly<{ error: string; retryAfterS?: number }> {
  const error = `HTTP ${response.statusCode}`;
  if (response.statusCode !== 503) return { error };
  const said = Number(response.headers['retry-after']);
  return { error, retryAfterS: said > 0 ? said : usualRetryS };
}
