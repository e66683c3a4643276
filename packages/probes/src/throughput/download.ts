import type { ProbeContext } from '../probe.ts';
import { type Flow, untilEnd } from './flow.ts';
import { type Arrived, bitRate, type Measurement, readMeasurement } from './measurement.ts';
import { longestMs } from './ndt7.ts';
import type { OpenTest } from './open.ts';

/**
 * Takes what the server sends until it ends the test. Counted here, where it arrives: octets of whole messages, and the
 * time until the last of them.
 * @param mostBytes ends the test with the message that reaches it
 */
export async function download(test: OpenTest, mostBytes: number, context: ProbeContext): Promise<Flow> {
  const start = context.monotonicMs();
  let arrived: Arrived = { bytes: 0, seconds: 0 };
  let summary: Measurement | undefined;
  let over = (): void => {};
  const cutShort = await untilEnd(
    {
      direction: 'download',
      test,
      context,
      moved: test.arrived,
      rate: () => bitRate(arrived),
      tick: (elapsedMs) => {
        if (elapsedMs >= longestMs) over();
      },
    },
    (end) => {
      over = end;
      test.socket.on('message', (data: Buffer, isBinary) => {
        if (arrived.bytes >= mostBytes) return;
        if (!isBinary) summary = readMeasurement(data.toString()) ?? summary;
        arrived = {
          bytes: arrived.bytes + data.length,
          seconds: (context.monotonicMs() - start) / 1000,
        };
        if (arrived.bytes >= mostBytes) end('bytes');
      });
    },
  );
  return {
    bytes: arrived.bytes,
    ...(arrived.bytes > 0 && { arrived }),
    ...(cutShort !== undefined && { cutShort }),
    ...(summary !== undefined && { summary }),
  };
}
