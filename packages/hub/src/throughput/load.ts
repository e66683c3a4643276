import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type Direction,
  firstMessage,
  longestMs,
  nextSize,
  nominalMs,
} from '@tongtang/probes/throughput/ndt7';
import type { RawData, WebSocket } from 'ws';

/** As the reference server: a test is over with so many octets, as with `early_exit=250`. */
export const mostBytes = 250_000_000;
/** Where messages stop growing, as in the reference server. Octets. */
const mostMessage = 2 ** 20;
/** Ten in a second are the most (specification, "Textual messages"). Milliseconds. */
const reportEveryMs = 250;
/** More reports of classrooms have been waiting in so many looks in a row: the test makes way. */
const mostCrowded = 2;

/** Random, or a proxy on the way might pack it; made for the first test and kept. */
let load: Buffer | undefined;

export type LoadOptions = Readonly<{
  direction: Direction;
  socket: WebSocket;
  /** Below the WebSocket. */
  connection: Pick<Socket, 'bytesRead' | 'resetAndDestroy'>;
  uuid: string;
  /** `address:port` of both ends, IPv6 in brackets. */
  ends: Readonly<{ client: string; server: string }>;
  /** Whether what this hub is there for has to wait. */
  crowded: () => boolean;
}>;

/**
 * Runs one direction, from the end of the handshake on: says every 250 ms how far it is, ends it in order after 10 s, when
 * its octets are used up or the hub has other work, and cuts the connection 3 s later.
 * @returns octets that passed, when the connection is gone
 */
export async function runLoad(options: LoadOptions): Promise<number> {
  const { direction, socket, connection, crowded } = options;
  const start = performance.now();
  const startTime = new Date().toISOString();
  const octetsBefore = connection.bytesRead;
  let sent = 0;
  let received = 0;
  let inARow = 0;
  let over = false;

  const finish = (code: number, reason = ''): void => {
    if (over) return;
    over = true;
    report();
    socket.close(code, reason);
  };
  const report = (): void => {
    const elapsed = { ElapsedTime: Math.round((performance.now() - start) * 1000) };
    const bytes = direction === 'download' ? sent - socket.bufferedAmount : received;
    const octets = { BytesReceived: connection.bytesRead - octetsBefore };
    const message = {
      AppInfo: { NumBytes: Math.max(0, bytes), ...elapsed },
      ConnectionInfo: {
        Client: options.ends.client,
        Server: options.ends.server,
        UUID: options.uuid,
        StartTime: startTime,
      },
      Origin: 'server',
      Test: direction,
      // Of a sender the system tells a program nothing; what a receiver has got is known to the octet.
      ...(direction === 'upload' && { TCPInfo: { ...octets, ...elapsed } }),
    };
    socket.send(JSON.stringify(message), ignore);
  };
  const look = (): void => {
    inARow = crowded() ? inARow + 1 : 0;
    if (inARow >= mostCrowded) finish(1013, 'the hub has other work');
    else if (!over) report();
  };
  const pump = (size: number): void => {
    if (over || load === undefined) return;
    if (sent + size > mostBytes) {
      finish(1000);
      return;
    }
    sent += size;
    // One message at a time, and everybody else's turn between two: what waits, waits in the system's buffer.
    socket.send(load.subarray(0, size), (error) => {
      if (!error) setImmediate(pump, nextSize(size, sent, mostMessage));
    });
  };
  const take = (data: RawData, isBinary: boolean): void => {
    if (!isBinary || over) return;
    received += lengthOf(data);
    if (direction === 'download') finish(1003, 'only the server sends in a download');
    else if (received >= mostBytes) finish(1000);
  };

  const reports = setInterval(look, reportEveryMs);
  const nominal = setTimeout(() => finish(1000), nominalMs);
  // What waits in the system's buffer is not sent any more.
  const longest = setTimeout(() => connection.resetAndDestroy(), longestMs);
  socket.on('error', ignore);
  socket.on('message', take);
  if (direction === 'download') {
    load ??= randomBytes(mostMessage);
    pump(firstMessage);
  }
  await new Promise((gone) => socket.once('close', gone));
  over = true;
  clearInterval(reports);
  clearTimeout(nominal);
  clearTimeout(longest);
  return direction === 'download' ? sent : received;
}

/** A connection that breaks is told by its `close`. */
function ignore(): void {}

function lengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength;
}
