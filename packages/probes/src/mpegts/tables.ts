/** The tables that say what a stream is made of: H.222.0, 2.4.4.4 (PAT) and 2.4.4.9 (PMT). */

export const tableIds = { pat: 0x00, cat: 0x01, pmt: 0x02 } as const;

const crcBytes = 4;

/** A PAT section's part of the list of programmes. */
export type Pat = Readonly<{
  version: number;
  section: number;
  programmes: readonly Readonly<{ number: number; pmtPid: number }>[];
}>;

export type StreamKind = 'video' | 'audio' | 'data';
export type Pmt = Readonly<{
  pcrPid: number;
  streams: readonly Readonly<{
    pid: number;
    kind: StreamKind;
    /** Whether it may pause for minutes. */
    sparse: boolean;
  }>[];
}>;

/**
 * Reads a PAT section whose CRC was right.
 * @returns undefined where it is of no use yet (current_next_indicator 0) or shorter than its header
 */
export function readPat(section: Uint8Array, length: number): Pat | undefined {
  if (length < 12 || !isCurrent(section)) return undefined;
  const programmes: { number: number; pmtPid: number }[] = [];
  for (let at = 8; at + 4 <= length - crcBytes; at += 4) {
    const number = wordAt(section, at);
    // Programme 0 is the network's own table.
    if (number !== 0) programmes.push({ number, pmtPid: wordAt(section, at + 2) & 0x1fff });
  }
  return {
    version: versionOf(section),
    section: section[6] ?? 0,
    programmes,
  };
}

/** Reads a PMT section whose CRC was right. @returns undefined as {@link readPat} does, or where a length in it lies */
export function readPmt(section: Uint8Array, length: number): Pmt | undefined {
  if (length < 16 || !isCurrent(section)) return undefined;
  const end = length - crcBytes;
  let at = 12 + (wordAt(section, 10) & 0x0fff);
  if (at > end) return undefined;
  const streams: { pid: number; kind: StreamKind; sparse: boolean }[] = [];
  while (at + 5 <= end) {
    const descriptors = at + 5;
    const next = descriptors + (wordAt(section, at + 3) & 0x0fff);
    if (next > end) return undefined;
    const tags = descriptorsIn(section, descriptors, next);
    const kind = kindOf(section[at] ?? 0, tags);
    streams.push({ pid: wordAt(section, at + 1) & 0x1fff, kind, sparse: kind === 'data' || tags.extraAudio });
    at = next;
  }
  return { pcrPid: wordAt(section, 8) & 0x1fff, streams };
}

/** stream_type, H.222.0 table 2-34; 0x42 and 0xd2 are AVS and AVS2 (GB/T 20090, GB/T 33475), 0x81 and 0x87 are ATSC's AC-3. */
const videoTypes = new Set([0x01, 0x02, 0x10, 0x1b, 0x20, 0x24, 0x33, 0x42, 0xd2, 0xd4]);
const audioTypes = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x2d, 0x81, 0x87]);
const privatePes = 0x06;
/** Descriptors that make private data audio: AC-3, enhanced AC-3, DTS, AAC (EN 300 468, table 12). */
const audioDescriptors = new Set([0x6a, 0x7a, 0x7b, 0x7c]);
const languageDescriptor = 0x0a;

type Descriptors = Readonly<{ audio: boolean; extraAudio: boolean }>;

function kindOf(type: number, { audio }: Descriptors): StreamKind {
  if (videoTypes.has(type)) return 'video';
  return audioTypes.has(type) || (type === privatePes && audio) ? 'audio' : 'data';
}

/** What the descriptors of a stream say of its being audio, and audio for few (ISO 639 audio_type above 0). */
function descriptorsIn(section: Uint8Array, from: number, to: number): Descriptors {
  let audio = false;
  let extraAudio = false;
  for (let at = from; at + 2 <= to; at += 2 + (section[at + 1] ?? 0)) {
    const tag = section[at] ?? 0;
    if (audioDescriptors.has(tag)) audio = true;
    if (tag === languageDescriptor && at + 6 <= to && (section[at + 5] ?? 0) > 0) extraAudio = true;
  }
  return { audio, extraAudio };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function isCurrent(section: Uint8Array): boolean {
  return ((section[5] ?? 0) & 1) === 1;
}

function versionOf(section: Uint8Array): number {
  return ((section[5] ?? 0) >> 1) & 0x1f;
}
