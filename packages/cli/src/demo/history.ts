import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { Pace, SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { heardUntil } from '@tongtang/simulator/live/live-county';
import { openTelemetryStore } from '@tongtang/store/open';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import { encodeReading } from '@tongtang/wire/line-protocol';
import { LineReader } from '@tongtang/wire/line-reader';
import type { Demo } from './demo-folder.ts';
import { HistoryMinutes } from './history-minutes.ts';
import { watchedS } from './watched.ts';

/** The store's clock goes ahead by so much at a time, and it rolls up what has passed. Seconds. */
const stepS = 12 * 3600;
/** Where it is measured as agents do it, this is as much as finds room in memory. Seconds. */
const denseStepS = 2 * 3600;
/**
 * How often what is long past was measured, in seconds: where lessons are on, often enough that each of their minutes is known;
 * else what a chart of a term shows.
 */
const sparse = { lesson: 120, platform: 600, link: 1800, rest: 3600, certificate: 14_400 } as const;
/** What decides whether a lesson was held. */
const decisive = { classroom: ['stamp'], receiver: ['signal', 'mpegts'] } as const;

/**
 * Writes what a county measured since its hub heard of it last, through the store's own door: while the store's clock runs through
 * the time, it rolls up and removes as it would have done.
 * @param dataFolder of a hub that does not run
 * @param nowS seconds since 1970
 * @param onProgress share that is done, and the moment that was reached
 */
export async function writeHistory(
  dataFolder: string,
  demo: Demo,
  nowS: number,
  onProgress: (share: number, reached: number) => void,
): Promise<void> {
  const { county, places, toldTo } = demo;
  let clock = toldTo;
  const store = await openTelemetryStore('sqlite:', {
    dataFolder,
    log: createLog('error'),
    nowS: () => clock,
  });
  const minutes = new HistoryMinutes(dataFolder, demo);
  try {
    for (let from = toldTo; from < nowS; from = clock) {
      clock = Math.min(from + (from + stepS < nowS - watchedS ? stepS : denseStepS), nowS);
      const told = county.machines.flatMap((machine): PlacedSamples[] => {
        const place = places.get(machine.name);
        if (place === undefined) return [];
        const span = { from: heardUntil(county, machine, from), to: heardUntil(county, machine, clock) };
        return [{ place, samples: placedSamples(county, machine, span, nowS) }];
      });
      const { refused } = await store.write(told);
      const [first] = refused;
      if (first !== undefined) throw new Error(`the store refuses ${first.line}: ${first.reason}`);
      // The store rests between its slices, and the minutes are made meanwhile.
      await Promise.all([store.maintain(clock), minutes.take(told, clock)]);
      onProgress((clock - toldTo) / (nowS - toldTo), clock);
    }
  } finally {
    minutes.close();
    await store.close();
  }
}

/** Encoded and read again, so that the store is given what a hub gives it. */
function placedSamples(
  county: SimulatedCounty,
  machine: Machine,
  { from, to }: Readonly<{ from: number; to: number }>,
  nowS: number,
): PlacedSamples['samples'] {
  const lines = county
    .samples(machine, from, to, paceOf(county, machine, nowS))
    .map((sample) => Buffer.from(`${encodeReading(sample)} ${sample.time}`));
  const text = Buffer.concat(lines);
  const reader = new LineReader(text);
  let at = 0;
  return lines.map(({ length }) => {
    const sample = reader.read(at, at + length);
    if ('reason' in sample) throw new Error(`${text.toString('utf8', at, at + length)}: ${sample.reason}`);
    at += length;
    return sample;
  });
}

function paceOf(county: SimulatedCounty, { kind }: Machine, nowS: number): Pace {
  const often: readonly string[] = decisive[kind];
  return (measurement, time) => {
    // Incidents are looked for in it; and these are the hours that a newcomer looks at.
    if (nowS - time <= watchedS) return undefined;
    const inLesson = county.days
      .at(time)
      .lessons.some(([start, end]) => start - sparse.lesson <= time && time < end + sparse.lesson);
    if (inLesson && often.includes(measurement)) return sparse.lesson;
    if (inLesson && measurement === 'http') return sparse.platform;
    if (measurement === 'tls') return sparse.certificate;
    return measurement === 'stamp' || often.includes(measurement) ? sparse.link : sparse.rest;
  };
}
