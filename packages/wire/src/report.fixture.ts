import type { Reading } from '@tongtang/model/sample';
import { encodeReading } from './line-protocol.ts';

/**
 * Reports as a classroom PC makes them, 31 fields each, one every ten seconds: host, its network card, and STAMP to the
 * hub over a busy link. Values wander; the same seed gives the same reports.
 */
export class Reports {
  readonly #random: () => number;
  #time: number;
  #memory = 0.61;
  #disk = 84_377_460_736;
  #rtt = 38.2;

  /** @param startS ten seconds before the first report */
  constructor(seed: number, startS = 1_788_228_000) {
    this.#random = generator(seed);
    this.#time = startS;
  }

  next(): string[] {
    this.#time += 10;
    return this.#readings().map((reading) => `${encodeReading(reading)} ${this.#time}`);
  }

  #readings(): Reading[] {
    return [this.#host(), this.#interface(), this.#stamp()];
  }

  #host(): Reading {
    this.#memory += this.#between(-0.004, 0.004);
    this.#disk -= 4096 * Math.floor(this.#between(0, 200));
    const fields = {
      cpu_ratio: this.#between(0.05, 0.4),
      memory_used_ratio: this.#memory,
      memory_total_bytes: 8_232_308_736,
      disk_free_bytes: Math.floor(this.#disk / 1e6) * 1e6,
      disk_used_ratio: 1 - this.#disk / 256_060_514_304,
      uptime_s: this.#time - 1_788_220_123,
      processes: Math.round(this.#between(180, 190)),
    };
    return { measurement: 'host', tags: {}, fields };
  }

  #interface(): Reading {
    const fields = {
      rx_bit_s: this.#between(2e6, 6e6),
      tx_bit_s: this.#between(8e4, 3e5),
      rx_errors: 0,
      tx_errors: 0,
      rx_dropped: this.#random() < 0.05 ? 2 : 0,
      tx_dropped: 0,
      speed_bit_s: 1e9,
      up: true,
    };
    return { measurement: 'interface', tags: { interface: 'eth0' }, fields };
  }

  #stamp(): Reading {
    this.#rtt = Math.max(20, this.#rtt + this.#between(-2, 2));
    const lost = this.#random() < 0.08 ? 1 : 0;
    const fields = {
      ok: true,
      duration_ms: 1000 + this.#between(0, 80),
      sent: 10,
      received: 10 - lost,
      loss_ratio: lost / 10,
      rtt_min_ms: this.#rtt - this.#between(0.5, 4),
      rtt_ms: this.#rtt,
      rtt_max_ms: this.#rtt + this.#between(1, 30),
      jitter_ms: this.#between(0.2, 3),
      loss_up: lost,
      loss_down: 0,
      loss_unattributed: 0,
      reordered: 0,
      duplicates: 0,
      offset_ms: 137_012.3 + this.#between(-1, 1),
      r_factor: lost === 0 ? 93 : 66,
    };
    return { measurement: 'stamp', tags: { link: 'broadband', target: 'hub' }, fields };
  }

  #between(low: number, high: number): number {
    return low + (high - low) * this.#random();
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, Tommy Ettinger). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
