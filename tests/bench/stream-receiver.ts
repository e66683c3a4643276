import { Receiver } from '@tongtang/probes/mpegts/receiver';
import { parseSource } from '@tongtang/probes/mpegts/source';

/**
 * Measures streams as an agent does that is asked every 10 s, and prints a line of JSON for each time: the rate of each
 * stream in bit/s, and how many datagrams this machine dropped.
 *
 *   node stream-receiver.ts <address …>
 */
const everyMs = 10_000;

const receivers = await Promise.all(
  process.argv.slice(2).map((address) => {
    const source = parseSource(address);
    if ('problem' in source || source.kind !== 'socket') throw new Error(`${address} is not of a stream`);
    return Receiver.open(source, () => performance.now());
  }),
);
setInterval(() => {
  const readings = receivers.map((receiver) => receiver.read().fields ?? {});
  const rates = readings.map(({ stream_bit_s: rate }) => Number(rate ?? 0));
  const dropped = readings.reduce((total, { dropped_datagrams: count }) => total + Number(count ?? 0), 0);
  process.stdout.write(`${JSON.stringify({ rates, dropped })}\n`);
}, everyMs);
