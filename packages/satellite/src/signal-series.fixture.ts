import type { SignalReading } from './signature.ts';

/** A receiver that is read every so many seconds. */
export type Receiver = Readonly<{
  clearDb: number;
  thresholdDb: number;
  /** Standard deviation of what it shows. */
  noiseDb: number;
  everyS: number;
}>;

/**
 * What a receiver shows while C/N is lower by `lossDb(t)`: t in seconds from its first reading. Shown to 0.1 dB, as most
 * do, and without lock nothing.
 */
export function seriesOf(
  { clearDb, thresholdDb, noiseDb, everyS }: Receiver,
  lossDb: (t: number) => number,
  lengthS: number,
  random: () => number,
): SignalReading[] {
  const readings: SignalReading[] = [];
  for (let t = 0; t < lengthS; t += everyS) {
    const cnDb = clearDb - lossDb(t) + noiseDb * normal(random);
    const locked = clearDb - lossDb(t) >= thresholdDb;
    readings.push({ time: t, locked, ...(locked && { cnDb: Math.round(cnDb * 10) / 10 }) });
  }
  return readings;
}

/** A standard normal variate (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
