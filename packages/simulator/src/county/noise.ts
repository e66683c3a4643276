import { generator } from '@tongtang/wire/report.fixture';

/**
 * Chance without a memory: the same seed, name and time give the same number, in whatever order they are asked for. That
 * is what makes the readings of a county a pure function.
 */
export class Noise {
  readonly #key: number;

  /** @param name of what wanders: each has a chance of its own */
  constructor(seed: number, name: string) {
    this.#key = mixed(hashOf(name), seed);
  }

  /** From 0 to 1, for a moment or the number of a day, lesson or fault. */
  at(moment: number): number {
    return mixed(this.#key, moment) / 2 ** 32;
  }

  /** As many numbers from 0 to 1 as are asked for, for one moment. */
  draws(moment: number): () => number {
    return generator(mixed(this.#key, moment));
  }

  /** From −1 to 1, and what it is now it will nearly be in a moment: it turns about once in so many seconds. */
  wander(time: number, periodS: number): number {
    const place = time / periodS;
    const knot = Math.floor(place);
    const share = smooth(place - knot);
    return 2 * (this.at(knot) * (1 - share) + this.at(knot + 1) * share) - 1;
  }
}

/** Slope 0 at both ends (Hermite), so that there is no kink at the knots. */
function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

/** FNV-1a of 32 bits (Fowler, Noll and Vo). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The last step of MurmurHash3 (Austin Appleby) over both numbers. */
function mixed(key: number, moment: number): number {
  let bits =
    key ^ Math.imul(moment | 0, 0x9e3779b1) ^ Math.imul(Math.floor(moment / 2 ** 32) | 0, 0x85ebca77);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
