import { isUtf8 } from 'node:buffer';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { dictionary, dictionaryId } from './dictionary.ts';
import { type DecodedSample, LineReader } from './line-reader.ts';

/** Limits of clauses B-7 and B-8. */
export const limits = {
  /** A payload on the broker, compressed or not. */
  payloadBytes: 256 * 1024,
  /** What it may inflate to. */
  inflatedBytes: 4 * 1024 * 1024,
  samples: 20_000,
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
}>;

export type Batch = BatchHeader &
  Readonly<{
    samples: readonly DecodedSample[];
    /** Lines that are no samples; the rest of the batch stands. */
    rejected: readonly Readonly<{ line: string; reason: string }>[];
  }>;

/**
 * A window of 8 kB compresses texts of this kind as well as one of 32 kB does (within 1 % at 64 kB), and zlib needs a
 * quarter of the memory for it, which it takes and clears for each text.
 */
export const compression = { level: 9, windowBits: 13, memLevel: 6, chunkSize: 4096 } as const;

/**
 * Makes the payload of a batch.
 * @param lines samples in line protocol with their times, in the order of their sequence numbers
 * @param preset whether the hub knows our dictionary; without, the stream is plain zlib
 */
export function encodeBatch(header: BatchHeader, lines: readonly string[], preset: boolean): Buffer {
  const { outbox, from, to, oldest, commitLater } = header;
  const head = `# tongtang outbox=${outbox} seq=${from}-${to} oldest=${oldest}${commitLater ? ' commit=later' : ''}`;
  const text = `${head}\n${lines.join('\n')}\n`;
  return deflateSync(text, { ...compression, ...(preset && { dictionary }) });
}

/**
 * Reads a payload, whatever it is. Never throws.
 * @returns the batch, or why there is none
 */
export function decodeBatch(payload: Uint8Array): Batch | { reason: string } {
  if (payload.length > limits.payloadBytes)
    return { reason: `payload of ${payload.length} bytes is over ${limits.payloadBytes}` };
  const bytes = inflated(payload);
  if ('reason' in bytes) return bytes;
  const text = isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'));
  const headEnd = endOfLine(text, 0);
  const header = parseHeader(text.toString('utf8', 0, Math.min(headEnd, headerBytes + 1)));
  if ('reason' in header) return header;
  const samples: DecodedSample[] = [];
  const rejected: { line: string; reason: string }[] = [];
  const reader = new LineReader(text);
  for (let from = headEnd + 1, to = 0; from < text.length; from = to + 1) {
    to = endOfLine(text, from);
    if (from === to || text[from] === numberSign) continue;
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
  return { ...header, samples, rejected };
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

/** Text as it is, or inflated (RFC 1950): a text begins with `#`, which no zlib stream can. */
function inflated(payload: Uint8Array): Buffer | { reason: string } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  if (bytes[0] === numberSign) return bytes;
  if (bytes.length < 6 || (bytes.readUInt8(0) & 0x0f) !== 8 || bytes.readUInt16BE(0) % 31 !== 0)
    return { reason: 'neither text nor a zlib stream' };
  const usesPreset = (bytes.readUInt8(1) & 0x20) !== 0;
  if (usesPreset && bytes.readUInt32BE(2) !== Number.parseInt(dictionaryId, 16))
    return { reason: `unknown dictionary ${bytes.toString('hex', 2, 6)}` };
  try {
    return inflateSync(bytes, {
      maxOutputLength: limits.inflatedBytes,
      chunkSize: pieceFor(bytes),
      finishFlush: constants.Z_FINISH,
      ...(usesPreset && { dictionary }),
    });
  } catch (error) {
    return { reason: `broken zlib stream: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Bytes to inflate at a time: ours grow to some twelve times their size, and so are mostly one piece, put together by nobody. */
function pieceFor({ length }: Uint8Array): number {
  return Math.min(16 * length, 64 * 1024);
}
