import { type LinkKind, linkKinds } from '@tongtang/model/link';
import { type MinuteState, type Minutes, minuteStates } from './minute-state.ts';

/** What the minutes of one agent were over a stretch of time. All have the same length. */
export type AgentMinutes = Readonly<{
  /** `good` where it measured. */
  machine: Minutes;
  /** Links that it has evidence of; of the others all is unknown. What a machine that is off does not see, is `unknown` here. */
  links: ReadonlyMap<LinkKind, Minutes>;
  /** Whether recorded lessons lay on it, where anybody looked. */
  files?: Minutes | undefined;
}>;

/**
 * The kept form, version 1: a byte for the version, the count of minutes, then for each track a byte that names it (0 the machine,
 * n + 1 the n-th link of `linkKinds`, 64 the files) and its runs until all minutes are told: `length × 8 + state`. Numbers are unsigned LEB128
 * (DWARF 5, section 7.6), states their place in `minuteStates`. A day of a link that broke twice takes some ten bytes.
 */
const version = 1;
const statesFit = 8;
const filesTrack = 64;
/** More than the longest day, which has 25 hours. */
const mostMinutes = 4000;

export function encodeMinutes({ machine, links, files }: AgentMinutes): Uint8Array {
  const bytes: number[] = [version];
  put(bytes, machine.length);
  putTrack(bytes, 0, machine);
  for (const [index, link] of linkKinds.entries()) {
    const minutes = links.get(link);
    if (minutes !== undefined) putKnown(bytes, index + 1, minutes, machine.length);
  }
  if (files !== undefined) putKnown(bytes, filesTrack, files, machine.length);
  return Uint8Array.from(bytes);
}

/** @throws RangeError that says what is wrong with the bytes */
export function decodeMinutes(bytes: Uint8Array): AgentMinutes {
  const reader = new Reader(bytes);
  const found = reader.byte();
  if (found !== version) throw new RangeError(`kept minutes of version ${found}, this one knows ${version}`);
  const length = reader.number();
  if (length > mostMinutes) throw new RangeError(`kept minutes: ${length} in one day`);
  let machine: Minutes | undefined;
  let files: Minutes | undefined;
  const links = new Map<LinkKind, Minutes>();
  while (!reader.isAtEnd) {
    const track = reader.byte();
    const minutes = readTrack(reader, length);
    const link = linkKinds[track - 1];
    if (track === 0) machine = minutes;
    else if (track === filesTrack) files = minutes;
    else if (link === undefined) throw new RangeError(`kept minutes: no track ${track}`);
    else links.set(link, minutes);
  }
  if (machine === undefined) throw new RangeError('kept minutes: without those of the machine');
  return { machine, links, ...(files !== undefined && { files }) };
}

/** A track of which nothing is known is left out. */
function putKnown(bytes: number[], track: number, minutes: Minutes, length: number): void {
  if (minutes.length !== length)
    throw new RangeError(`track ${track} has ${minutes.length} minutes, the machine ${length}`);
  if (minutes.some((state) => state !== 'unknown')) putTrack(bytes, track, minutes);
}

function putTrack(bytes: number[], track: number, minutes: Minutes): void {
  bytes.push(track);
  let begin = 0;
  for (let at = 1; at <= minutes.length; at += 1) {
    const state = minutes[begin];
    if (state === undefined || minutes[at] === state) continue;
    put(bytes, (at - begin) * statesFit + minuteStates.indexOf(state));
    begin = at;
  }
}

function readTrack(reader: Reader, length: number): MinuteState[] {
  const minutes = new Array<MinuteState>(length).fill('unknown');
  for (let at = 0; at < length; ) {
    const run = reader.number();
    const state = minuteStates[run % statesFit];
    const count = Math.floor(run / statesFit);
    if (state === undefined || count < 1 || at + count > length)
      throw new RangeError(`kept minutes: a run of ${count} in state ${run % statesFit}`);
    minutes.fill(state, at, at + count);
    at += count;
  }
  return minutes;
}

function put(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('kept minutes: cut short');
    this.#at += 1;
    return byte;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('kept minutes: a number without an end');
  }
}
