import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeLesson } from '../services/ffmpeg.ts';
import { atMost, type Benchmark, figure, median } from './benchmark.ts';
import { ProcessGroup } from './process-cost.ts';
import { tidily } from './tidily.ts';

const streams = 8;
const rate = 8_000_000;
const rounds = 3;
/** Code is compiled, FFmpeg has found its streams. */
const warmUpS = 12;
const warmUpReadings = 1;
const measuredS = 20;
const port = 5004;
/** Both must have taken so much of the streams, or the figures are of nothing. */
const enough = 0.95;
/** Of a lesson, each second. */
const pictures = 25;

/** What it costs to measure the lessons of a school, beside FFmpeg that only takes the same streams. */
export const streamCost: Benchmark = {
  name: 'streams',
  about: `${streams} streams of ${rate / 1e6} Mbit/s measured at once, against FFmpeg that reads and copies them`,
  run: ({ say }) =>
    tidily(async (atEnd) => {
      const folder = mkdtempSync(join(tmpdir(), 'tongtang-streams-'));
      atEnd(() => rmSync(folder, { recursive: true }));
      const file = join(folder, 'lesson.ts');
      encodeLesson(file, 10, rate);
      const groups = Array.from({ length: streams }, (_, index) => `239.${process.pid % 256}.8.${index + 1}`);
      const start = (name: string, words: readonly string[]) => {
        const group = new ProcessGroup(name);
        atEnd(() => group.end());
        group.start(words);
        return group;
      };
      const program = (name: string) => [process.execPath, join(import.meta.dirname, name)];
      const sender = start('sender', [...program('stream-sender.ts'), file, `${rate}`, `${port}`, ...groups]);
      const ours = start('receiver', [
        ...program('stream-receiver.ts'),
        ...groups.map((group) => `udp://${group}:${port}?interface=127.0.0.1`),
      ]);
      const copies = groups.map(
        (group) =>
          `ffmpeg -nostdin -loglevel error -progress pipe:1 -stats_period 5 -i 'udp://${group}:${port}?localaddr=127.0.0.1' -c copy -f null - &`,
      );
      const peer = start('ffmpeg', ['/bin/sh', '-c', `${copies.join(' ')} wait`]);
      await wait(warmUpS * 1000);
      const costs: { own: number; peer: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        for (const group of [sender, ours, peer]) group.mustRun();
        const before = [ours.cpuMs(), peer.cpuMs()] as const;
        const startMs = performance.now();
        await wait(measuredS * 1000);
        const tookMs = performance.now() - startMs;
        const [own, other] = [ours.cpuMs() - before[0], peer.cpuMs() - before[1]];
        costs.push({ own: own / tookMs, peer: other / tookMs });
        say(`${(own / tookMs).toFixed(3)} of a core, FFmpeg ${(other / tookMs).toFixed(3)}`);
      }
      const readings = readingsIn(ours.output).slice(warmUpReadings);
      const rates = readings.flatMap((reading) => reading.rates);
      if (rates.length === 0 || Math.min(...rates) < rate * enough)
        throw new Error(`streams came at ${rates} bit/s`);
      const copied = framesIn(peer.output).slice(-streams);
      if (copied.length < streams || Math.min(...copied) < measuredS * rounds * pictures * enough)
        throw new Error(`FFmpeg copied ${copied} pictures`);
      return [
        atMost('streams.cpu', median(costs.map(({ own }) => own)), 'cores', 0.1),
        figure('streams.ffmpeg.cpu', median(costs.map(({ peer }) => peer)), 'cores'),
        atMost('streams.ffmpeg.ratio', median(costs.map(({ own, peer }) => own / peer)), '1', 1),
        figure('streams.rate', median(rates), 'bit/s'),
        atMost('streams.dropped', sum(readings.map(({ dropped }) => dropped)), 'datagrams', 0),
        figure('streams.memory', ours.memory().privateMib, 'MiB'),
      ];
    }),
};

type Reading = Readonly<{ rates: readonly number[]; dropped: number }>;

/** What the receiver printed, as far as whole lines were kept. */
function readingsIn(output: string): Reading[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line));
}

/** How many pictures each FFmpeg had copied when it told. */
function framesIn(output: string): number[] {
  return [...output.matchAll(/^frame=(\d+)$/gm)].map(([, frames]) => Number(frames));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
