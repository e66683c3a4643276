import { isUtf8 } from 'node:buffer';
import { deflated, inflated, mostInflatedBytes } from './deflated.ts';
import { type DecodedSample, LineReader } from './line-reader.ts';

/** Limits of clauses B-7 and B-8. */
export const limits = {
  /** A payload on the broker, compressed or not. */
  payloadBytes: 256 * 1024,
  /** What it may inflate to. */
  inflatedBytes: mostInflatedBytes,
  samples: 20_000,
  /** Empty ones and those that begin with `#`: a stream of 4 kB holds millions. */
  idleLines: 20_000,
} as const;

/** What the first line of a batch says. */
export type BatchHeader = Readonly<{
  outbox: string;
  from: number;
  to: number;
  /** The lowest sequence number that the outbox still holds: what is below and not received is lost for good. */
  oldest: number;
  /** Asks for no commit of its own: a later batch of this outbox does (clause C-10). */
  commitLater?: boolean;
  /** Batches that follow will be told by what differs from this one (clause F-2). */
  basis?: boolean;
}>;

export type Batch = BatchHeader &
  Readonly<{
    samples: readonly DecodedSample[];
    /** Lines that are no samples; the rest of the batch stands. */
    rejected: readonly Readonly<{ line: string; reason: string }>[];
    /** Of its text, all of which each sample keeps in memory. */
    textBytes: number;
  }>;

/**
 * Makes the payload of a batch.
 * @param lines samples in line protocol with their times, in the order of their sequence numbers
 * @param preset whether the hub knows our dictionary; without, the stream is plain zlib
 */
export function encodeBatch(header: BatchHeader, lines: readonly string[], preset: boolean): Buffer {
  return deflated(batchText(header, lines), preset);
}

/** A batch as text (clauses B-1 to B-3). */
export function batchText(
  { outbox, from, to, oldest, commitLater, basis }: BatchHeader,
  lines: readonly string[],
): string {
  const more = `${commitLater ? ' commit=later' : ''}${basis ? ' basis=yes' : ''}`;
  return `# tongtang outbox=${outbox} seq=${from}-${to} oldest=${oldest}${more}\n${lines.join('\n')}\n`;
}

/**
 * Reads a payload that is told as a whole, whatever it is. Never throws.
 * @returns the batch, or why there is none
 */
export function decodeBatch(payload: Uint8Array): Batch | { reason: string } {
  const text = textOfPayload(payload);
  return 'reason' in text ? text : readBatch(text);
}

/** The text of a payload that is told as a whole, or why there is none. */
export function textOfPayload(payload: Uint8Array): Buffer | { reason: string } {
  if (payload.length > limits.payloadBytes)
    return { reason: `payload of ${payload.length} bytes is over ${limits.payloadBytes}` };
  return inflated(payload);
}

/** Reads the text of a batch. Never throws. */
export function readBatch(bytes: Buffer): Batch | { reason: string } {
  const text = isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'));
  const headEnd = endOfLine(text, 0);
  const header = parseHeader(text.toString('utf8', 0, Math.min(headEnd, headerBytes + 1)));
  if ('reason' in header) return header;
  const samples: DecodedSample[] = [];
  const rejected: { line: string; reason: string }[] = [];
  const reader = new LineReader(text);
  let idle = 0;
  for (let from = headEnd + 1, to = 0; from < text.length; from = to + 1) {
    to = endOfLine(text, from);
    if (from === to || text[from] === numberSign) {
      idle += 1;
      if (idle > limits.idleLines) return { reason: `more than ${limits.idleLines} lines without a sample` };
      continue;
    }
    if (samples.length + rejected.length === limits.samples)
      return { reason: `more than ${limits.samples} samples` };
    const sample = reader.read(from, to);
    if ('reason' in sample) rejected.push({ line: text.toString('utf8', from, to), reason: sample.reason });
    else samples.push(sample);
  }
  const promised = header.to - header.from + 1;
  const held = samples.length + rejected.length;
  if (held !== promised)
    return { reason: `seq=${header.from}-${header.to} promises ${promised} samples, ${held} are there` };
  return { ...header, samples, rejected, textBytes: text.length };
}

const headerBytes = 255;
const numberSign = 0x23;

/** Other keys behind `oldest` are for versions to come (clause B-3). */
const headerShape =
  /^# tongtang outbox=([a-z0-9]{8,32}) seq=(\d{1,15})-(\d{1,15}) oldest=(\d{1,15})((?: [a-z]+=[^ ]+)*)$/;

function parseHeader(line: string): BatchHeader | { reason: string } {
  const [, outbox, from, to, oldest, more] = line.length > headerBytes ? [] : (headerShape.exec(line) ?? []);
  if (outbox === undefined) return { reason: 'first line is not "# tongtang outbox=… seq=…-… oldest=…"' };
  const header = {
    outbox,
    from: Number(from),
    to: Number(to),
    oldest: Number(oldest),
    ...(more?.split(' ').includes('commit=later') && { commitLater: true }),
    ...(more?.split(' ').includes('basis=yes') && { basis: true }),
  };
  if (header.from < 1 || header.to < header.from) return { reason: `seq=${from}-${to} is not a range` };
  if (header.oldest < 1 || header.oldest > header.from)
    return { reason: `oldest=${oldest} is not from 1 to ${from}` };
  return header;
}

function endOfLine(text: Buffer, from: number): number {
  const end = text.indexOf(0x0a, from);
  return end < 0 ? text.length : end;
}
