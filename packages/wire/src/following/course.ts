import { crc32 } from 'node:zlib';
import { type BatchHeader, batchText } from '../batch.ts';
import { deflated, inflated } from '../deflated.ts';
import { BitReader, BitWriter } from './bits.ts';
import { type Decimal, powerOfTen } from './decimal.ts';
import {
  beginForecast,
  type Forecasts,
  forecastLength,
  getNumber,
  isWithinReach,
  putNumber,
} from './forecast.ts';
import { joined, type Parted, type Pattern, part } from './pattern.ts';

/** The first byte of a batch that follows: no text begins with it, and no zlib stream. */
const followingByte = 0x01;
const checkBytes = 4;
/** UTF-8 takes at most so many for a UTF-16 unit. */
const bytesPerUnit = 3;
/** What both sides remember at most; an honest agent has some thirty patterns. Further lines are told in full. */
export const courseLimits = {
  patterns: 128,
  /** UTF-16 units of all of them. */
  patternText: 32 * 1024,
  numbers: 2000,
  /** Of a batch. */
  lines: 200,
  /** UTF-16 units of the lines of a batch: an honest one has some 6 kB, and all that is done with a line takes time. */
  text: 64 * 1024,
} as const;
/** Patterns that are told by their place in the list, not as the one that came next last time: some thirty. */
const placeOrder = 4;

/** Of the header: how many samples, and how many the outbox holds before them. */
const headerForecasts = 2 * forecastLength;

/** Whether a payload is that of a batch that follows on others. */
export function isFollowing(payload: Uint8Array): boolean {
  return payload[0] === followingByte;
}

/** Whether a batch is not too much to be a basis, or to follow. */
export function fitsCourse(lines: readonly string[]): boolean {
  const units = lines.reduce((sum, { length }) => sum + length, 0);
  return lines.length <= courseLimits.lines && units <= courseLimits.text;
}

type Known = { pattern: Pattern; at: number; next: number };

/**
 * What both ends of a line know of the batches so far, so that the next one is told by what differs: which patterns
 * lines have, which comes after which, and how each of their numbers goes (clauses F-1 to F-9).
 */
export class Course {
  #outbox = '';
  #to = 0;
  /** CRC-32 (RFC 1952, section 8) of the last batch's text: what was read wrongly is not taken for what was said. */
  #check = -1;
  #known: Known[] = [];
  #forecasts: Forecasts = new Float64Array(headerForecasts);
  #used = headerForecasts;
  #before = -1;
  #textBytes = 0;

  /** Begins with a batch that is told as a whole. */
  constructor(header: BatchHeader, lines: readonly string[]) {
    this.#outbox = header.outbox;
    this.#to = header.to;
    beginForecast(this.#forecasts, 0, whole(lines.length));
    beginForecast(this.#forecasts, forecastLength, whole(header.from - header.oldest));
    for (const line of lines) this.#learn(line);
  }

  /**
   * Tells the next batch.
   * @param preset whether the hub knows our dictionary, for lines that are told in full
   * @returns its payload, or undefined where it does not follow on this course or is too much for it: then the course is
   *   left as it was, and the batch is told as a whole
   */
  write(header: BatchHeader, lines: readonly string[], preset: boolean): Buffer | undefined {
    if (header.outbox !== this.#outbox || header.from <= this.#to || !fitsCourse(lines)) return undefined;
    const held = whole(header.from - header.oldest);
    if (!isWithinReach(this.#forecasts, forecastLength, held)) return undefined;
    const bits = new BitWriter();
    bits.putGolomb(header.from - this.#to - 1, 0);
    putNumber(this.#forecasts, 0, whole(lines.length), bits);
    putNumber(this.#forecasts, forecastLength, held, bits);
    bits.put(header.commitLater ? 1 : 0, 1);
    const inFull: string[] = [];
    const body = new BitWriter();
    for (const line of lines) if (!this.#put(line, body)) inFull.push(line);
    bits.put(inFull.length > 0 ? 1 : 0, 1);
    if (inFull.length > 0) bits.putBytes(deflated(inFull.join('\n'), preset));
    bits.putBits(body);
    this.#to = header.to;
    this.#check = crc32(batchText(header, lines));
    const check = Buffer.alloc(1 + checkBytes);
    check.writeUInt8(followingByte, 0);
    check.writeUInt32BE(this.#check, 1);
    return Buffer.concat([check, bits.bytes()]);
  }

  /**
   * Reads the next batch.
   * @returns its text; or that it is the last one once more; or undefined where it does not follow on this course, which
   *   is of no use from then on
   */
  read(payload: Uint8Array): { text: Buffer } | 'again' | undefined {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    if (bytes.length <= 1 + checkBytes || !isFollowing(bytes)) return undefined;
    const check = bytes.readUInt32BE(1);
    if (check === this.#check) return 'again';
    const bits = new BitReader(bytes.subarray(1 + checkBytes));
    const from = this.#to + 1 + bits.getGolomb(0);
    const count = numberOf(getNumber(this.#forecasts, 0, bits));
    const held = numberOf(getNumber(this.#forecasts, forecastLength, bits));
    const commitLater = bits.get(1) === 1;
    if (!(count >= 1 && count <= courseLimits.lines) || bits.broken) return undefined;
    const header = { outbox: this.#outbox, from, to: from + count - 1, oldest: from - held, commitLater };
    const inFull = bits.get(1) === 1 ? linesIn(bits.getBytes(bytes.length), count) : [];
    if (inFull === undefined) return undefined;
    const lines: string[] = [];
    for (let index = 0, units = 0; index < count; index += 1) {
      const line = this.#get(bits, inFull);
      units += line?.length ?? 0;
      if (line === undefined || units > courseLimits.text) return undefined;
      lines.push(line);
    }
    const text = Buffer.from(batchText(header, lines));
    if (!bits.ended || crc32(text) !== check) return undefined;
    this.#to = header.to;
    this.#check = check;
    return { text };
  }

  /** @returns whether the line is told by what differs; else only that it is told in full */
  #put(line: string, bits: BitWriter): boolean {
    const parted = part(line);
    const place = parted === undefined ? -1 : this.#placeOf(parted.pattern);
    const known = this.#known[place];
    if (parted === undefined || known === undefined || !this.#reaches(known, parted)) {
      this.#putPlace(this.#known.length, bits);
      this.#learn(line);
      return false;
    }
    this.#putPlace(place, bits);
    numbersOf(parted).forEach((number, index) => {
      putNumber(this.#forecasts, known.at + index * forecastLength, number, bits);
    });
    this.#pass(place);
    return true;
  }

  /** @param inFull lines that are told in full and were not met yet; the next one is taken from it */
  #get(bits: BitReader, inFull: string[]): string | undefined {
    const place = this.#getPlace(bits);
    const known = this.#known[place];
    if (known === undefined) {
      const line = place === this.#known.length ? inFull.shift() : undefined;
      if (line === undefined) return undefined;
      this.#learn(line);
      return line;
    }
    const numbers: Decimal[] = [];
    for (let index = 0; index < known.pattern.pieces.length; index += 1) {
      const number = getNumber(this.#forecasts, known.at + index * forecastLength, bits);
      if (number === undefined) return undefined;
      numbers.push(number);
    }
    this.#pass(place);
    return joined(known.pattern, numbers);
  }

  /** The pattern that came next last time costs one bit. */
  #putPlace(place: number, bits: BitWriter): void {
    const expected = this.#known[this.#before]?.next === place;
    bits.put(expected ? 1 : 0, 1);
    if (!expected) bits.putGolomb(place, placeOrder);
  }

  #getPlace(bits: BitReader): number {
    return bits.get(1) === 1 ? (this.#known[this.#before]?.next ?? -1) : bits.getGolomb(placeOrder);
  }

  #reaches({ at }: Known, parted: Parted): boolean {
    return numbersOf(parted).every((number, index) =>
      isWithinReach(this.#forecasts, at + index * forecastLength, number),
    );
  }

  /** Learns a line that was told in full: its pattern, if there is room for it, and its numbers. */
  #learn(line: string): void {
    const parted = part(line);
    if (parted === undefined) return;
    const numbers = numbersOf(parted);
    let place = this.#placeOf(parted.pattern);
    if (place < 0) {
      if (!this.#hasRoomFor(parted.pattern)) return;
      place = this.#known.length;
      this.#known.push({ pattern: parted.pattern, at: this.#used, next: -1 });
      this.#used += numbers.length * forecastLength;
      this.#textBytes += parted.pattern.key.length;
      this.#grow();
    }
    const at = this.#known[place]?.at ?? 0;
    numbers.forEach((number, index) => {
      beginForecast(this.#forecasts, at + index * forecastLength, number);
    });
    this.#pass(place);
  }

  #pass(place: number): void {
    const before = this.#known[this.#before];
    if (before !== undefined) before.next = place;
    this.#before = place;
  }

  #placeOf({ key }: Pattern): number {
    return this.#known.findIndex(({ pattern }) => pattern.key === key);
  }

  #hasRoomFor({ pieces, key }: Pattern): boolean {
    return (
      this.#known.length < courseLimits.patterns &&
      this.#used + pieces.length * forecastLength <= courseLimits.numbers * forecastLength &&
      this.#textBytes + key.length <= courseLimits.patternText
    );
  }

  #grow(): void {
    if (this.#used <= this.#forecasts.length) return;
    const larger = new Float64Array(this.#used + 8 * forecastLength);
    larger.set(this.#forecasts);
    this.#forecasts = larger;
  }
}

/** The numbers of a line, its time first. */
function numbersOf({ time, numbers }: Parted): readonly Decimal[] {
  return [time, ...numbers];
}

/** @returns undefined where it is more than a batch has: a stream of 4 kB holds millions of lines */
function linesIn(stream: Buffer, most: number): string[] | undefined {
  const text = inflated(stream);
  if ('reason' in text || text.length > courseLimits.text * bytesPerUnit) return undefined;
  const lines = text.toString('utf8').split('\n', most + 1);
  return lines.length > most ? undefined : lines;
}

function whole(digits: number): Decimal {
  return { digits, exponent: 0 };
}

function numberOf(decimal: Decimal | undefined): number {
  return decimal === undefined ? -1 : decimal.digits * powerOfTen(decimal.exponent);
}
