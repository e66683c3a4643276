/** The longest number that is written or read: whole numbers up to here are exact. Bits. */
export const longestBits = 53;
const lengthOrder = 7;

const powersOfTwo = [1];
for (let power = 1; power <= longestBits; power += 1) powersOfTwo.push((powersOfTwo[power - 1] ?? 0) * 2);

/** Two to a power from 0 to {@link longestBits}. */
export function powerOfTwo(power: number): number {
  return powersOfTwo[power] ?? Number.POSITIVE_INFINITY;
}

/** Writes numbers as bits, the highest first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  /** Bits of the last byte that are taken. */
  #taken = 8;

  /** @param value a whole number from 0 to below 2^count */
  put(value: number, count: number): void {
    for (let left = count; left > 0; ) {
      if (this.#taken === 8) {
        this.#bytes.push(0);
        this.#taken = 0;
      }
      const now = Math.min(8 - this.#taken, left);
      const bits = Math.floor(value / powerOfTwo(left - now)) % powerOfTwo(now);
      const last = this.#bytes.length - 1;
      this.#bytes[last] = (this.#bytes[last] ?? 0) | (bits << (8 - this.#taken - now));
      this.#taken += now;
      left -= now;
    }
  }

  /**
   * Exponential Golomb code (Teuhola 1978): few bits for what is about 2^order or less, and never many.
   * @param value a whole number from 0 to 2^50
   */
  putGolomb(value: number, order: number): void {
    const high = Math.floor(value / powerOfTwo(order)) + 1;
    const length = bitLength(high);
    this.put(0, length - 1);
    this.put(high, length);
    this.put(value % powerOfTwo(order), order);
  }

  /** Whole bytes, after how many they are. */
  putBytes(bytes: Uint8Array): void {
    this.putGolomb(bytes.length, lengthOrder);
    for (const byte of bytes) this.put(byte, 8);
  }

  /** All that another one wrote. */
  putBits(other: BitWriter): void {
    other.#bytes.forEach((byte, index) => {
      const count = index < other.#bytes.length - 1 ? 8 : other.#taken;
      this.put(byte >> (8 - count), count);
    });
  }

  /** What was written, filled up with zeros to whole bytes. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

/** Reads what {@link BitWriter} wrote. Behind the end, or in the midst of nonsense, there are zeros, and `broken` says so. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Whether all was read but the zeros that fill the last byte. */
  get ended(): boolean {
    const left = this.#bytes.length * 8 - this.#at;
    return left < 8 && this.get(left) === 0 && !this.#broken;
  }

  get(count: number): number {
    if (this.#at + count > this.#bytes.length * 8) this.#broken = true;
    if (this.#broken) return 0;
    let value = 0;
    for (let left = count; left > 0; ) {
      const taken = this.#at % 8;
      const now = Math.min(8 - taken, left);
      const byte = this.#bytes[(this.#at - taken) / 8] ?? 0;
      value = value * powerOfTwo(now) + ((byte >> (8 - taken - now)) & (powerOfTwo(now) - 1));
      this.#at += now;
      left -= now;
    }
    return value;
  }

  getGolomb(order: number): number {
    let zeros = 0;
    while (this.get(1) === 0) {
      zeros += 1;
      if (this.#broken || zeros + order > longestBits) {
        this.#broken = true;
        return 0;
      }
    }
    const high = powerOfTwo(zeros) + this.get(zeros) - 1;
    return high * powerOfTwo(order) + this.get(order);
  }

  /** @param most beyond so many it is nonsense */
  getBytes(most: number): Buffer {
    const length = this.getGolomb(lengthOrder);
    if (length > most || this.#at + length * 8 > this.#bytes.length * 8) this.#broken = true;
    if (this.#broken) return Buffer.alloc(0);
    return Buffer.from(Array.from({ length }, () => this.get(8)));
  }
}

function bitLength(value: number): number {
  let length = 0;
  for (let left = value; left >= 1; left = Math.floor(left / 2)) length += 1;
  return length;
}
