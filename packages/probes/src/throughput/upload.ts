import { randomBytes } from 'node:crypto';
import type { ProbeContext } from '../probe.ts';
import { type Flow, untilEnd } from './flow.ts';
import { type Arrived, bitRate, type Measurement, readMeasurement, receivedOf } from './measurement.ts';
import { firstMessage, nextSize, nominalMs } from './ndt7.ts';
import type { OpenTest } from './open.ts';

/** Larger ones would be no faster, and each is in memory twice: once as it is, once masked. Octets. */
const mostMessage = 2 ** 18;
/** One is on its way to the system while the next is ready. */
const queued = 2;
/** A server that says what it received does so several times a second. Milliseconds. */
const silentMs = 1000;

/**
 * Sends until time or octets are used up. The rate is what the server says that it received, while it was kept busy;
 * from one that never says it, what this machine got rid of.
 * @param mostBytes not exceeded
 */
export async function upload(test: OpenTest, mostBytes: number, context: ProbeContext): Promise<Flow> {
  const { socket } = test;
  const { monotonicMs } = context;
  const start = monotonicMs();
  const load = randomBytes(Math.min(mostMessage, mostBytes));
  let size = Math.min(firstMessage, load.length);
  let sent = 0;
  let waiting = 0;
  /** By the server: its last word while it was kept busy, and its last word. */
  let busy: Arrived | undefined;
  let last: Arrived | undefined;
  let summary: Measurement | undefined;
  /** By this machine. */
  let gone: Arrived = { bytes: 0, seconds: 0 };
  const allSent = (): boolean => sent + size > mostBytes;
  const isThere = (elapsedMs: number): boolean =>
    last === undefined ? elapsedMs >= gone.seconds * 1000 + silentMs : last.bytes >= sent;

  const pump = (): void => {
    while (waiting < queued && !allSent()) {
      const bytes = size;
      waiting += 1;
      sent += bytes;
      size = nextSize(size, sent, load.length);
      socket.send(load.subarray(0, bytes), (error) => {
        // What broke is told by the end of the connection.
        if (error) return;
        waiting -= 1;
        gone = { bytes: gone.bytes + bytes, seconds: (monotonicMs() - start) / 1000 };
        pump();
      });
    }
  };
  let over: (cutShort?: 'bytes') => void = () => {};
  const cutShort = await untilEnd(
    {
      direction: 'upload',
      test,
      context,
      moved: () => gone.bytes + (last?.bytes ?? 0),
      rate: () => last && bitRate(last),
      tick: (elapsedMs) => {
        if (elapsedMs >= nominalMs) over();
        else if (allSent() && waiting === 0 && isThere(elapsedMs)) over('bytes');
      },
    },
    (end) => {
      over = end;
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) return;
        summary = readMeasurement(data.toString()) ?? summary;
        last = (summary && receivedOf(summary)) ?? last;
        if (!allSent()) busy = last;
      });
      pump();
    },
  );
  // Of what was only queued in two machines nothing is known.
  const arrived = busy ?? last ?? (cutShort === 'stalled' ? undefined : gone);
  return {
    bytes: sent,
    ...(arrived !== undefined && arrived.bytes > 0 && { arrived }),
    ...(cutShort !== undefined && { cutShort }),
    ...(summary !== undefined && { summary }),
  };
}
