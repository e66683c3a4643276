import { inflateSync } from 'node:zlib';
import { deflated } from '@tongtang/wire/deflated';
import { dictionary, dictionaryId } from '@tongtang/wire/dictionary';
import type { NewSample } from './outbox.ts';
import { hubSeconds, type Moment, type TimeReference, type WallClock } from './time.ts';

/** Samples that are written, sent and deleted together: one row. A long append makes several. */
export type NewChunk = Readonly<{
  /** One line a sample, each ending in its hub time or, while that is unknown, in the clocks of its moment. */
  lines: readonly string[];
  /** Hub time of the last sample, or the span of its moments. */
  stamp: Readonly<{ time: number }> | Readonly<{ boot: string }>;
}>;

/** So that a claim of usual size is never forced to take more than it may. */
const samplesPerChunk = 200;

/** Groups samples in their order into chunks that are stamped alike. */
export function chunksOf(samples: readonly NewSample[]): NewChunk[] {
  const chunks: { lines: string[]; stamp: { time: number } | { boot: string } }[] = [];
  for (const { line, time } of samples) {
    const known = typeof time === 'number';
    const text = known ? `${line} ${time}` : `${line} ${time.monotonicMs} ${time.wallMs}`;
    const last = chunks.at(-1);
    const fits =
      last !== undefined &&
      last.lines.length < samplesPerChunk &&
      (known ? 'time' in last.stamp : 'boot' in last.stamp && last.stamp.boot === time.boot);
    if (!fits) chunks.push({ lines: [text], stamp: known ? { time } : { boot: time.boot } });
    else {
      last.lines.push(text);
      if (known) last.stamp = { time };
    }
  }
  return chunks;
}

/**
 * Gives the lines of a chunk without hub time their times; `time` is that of the last.
 * @returns undefined where the time of one of them cannot be known
 */
export function stampLines(
  lines: readonly string[],
  boot: string,
  reference: TimeReference,
  wall: WallClock | undefined,
): { lines: string[]; time: number } | undefined {
  let time = 0;
  const stamped: string[] = [];
  for (const text of lines) {
    const { line, moment } = splitMoment(text, boot);
    const second = hubSeconds(moment, reference, wall);
    if (second === undefined) return undefined;
    time = second;
    stamped.push(`${line} ${time}`);
  }
  return { lines: stamped, time };
}

/** The moment of the last of the lines of a chunk without hub time. */
export function lastMoment(lines: readonly string[], boot: string): Moment {
  return splitMoment(lines.at(-1) ?? '', boot).moment;
}

function splitMoment(text: string, boot: string): { line: string; moment: Moment } {
  const wallAt = text.lastIndexOf(' ');
  const monotonicAt = text.lastIndexOf(' ', wallAt - 1);
  const wallMs = Number(text.slice(wallAt + 1));
  const monotonicMs = Number(text.slice(monotonicAt + 1, wallAt));
  return { line: text.slice(0, monotonicAt), moment: { boot, monotonicMs, wallMs } };
}

/**
 * A zlib stream with the wire's dictionary: a third of the text on disk, and the Adler-32 at its end finds flipped
 * bits that SQLite cannot see.
 */
export function packLines(lines: readonly string[]): Uint8Array {
  return deflated(lines.join('\n'), true);
}

/** Preset dictionaries by their DICTID, those of earlier versions too: an upgrade must still read what is kept. */
export type Dictionaries = ReadonlyMap<string, Uint8Array>;

/** The dictionary that `packLines` uses. */
export const ownDictionary: readonly [id: string, bytes: Uint8Array] = [dictionaryId, dictionary];

/** The lines of a packed chunk, or undefined where it is damaged. */
export function unpackLines(
  payload: Uint8Array,
  count: number,
  dictionaries: Dictionaries,
): string[] | undefined {
  const preset = dictionaries.get(Buffer.from(payload.subarray(2, 6)).toString('hex'));
  if (preset === undefined) return undefined;
  try {
    const lines = inflateSync(payload, { chunkSize: 4096, dictionary: preset }).toString().split('\n');
    return lines.length === count ? lines : undefined;
  } catch {
    // What zlib finds wrong is all that can be known of it; the caller counts what is lost.
    return undefined;
  }
}

/** Bytes of lines as text, their line breaks included. */
export function textBytes(lines: readonly string[]): number {
  return lines.reduce((total, line) => total + Buffer.byteLength(line) + 1, 0);
}
