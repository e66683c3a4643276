import type { Reading } from '@tongtang/model/sample';
import type { Machine } from '../county/machine.ts';
import { Noise } from '../county/noise.ts';
import { definitionOf } from '../faults/kinds.ts';
import type { Fault } from '../faults/script.ts';
import { between, decimals } from './figures.ts';
import type { Moment } from './instruments.ts';

/** Of a classroom's PC. */
const memoryBytes = 8_232_308_736;
const diskBytes = 256_060_514_304;
/** What an agent sends in a second of a usual day, and measures in one. */
const wireBytesPerS = 13;
const samplesPerS = 0.35;
/** How fast a backlog of samples goes when the hub is back, samples a second: packages/agent/src/uplink/drain.ts. */
const drainedPerS = 80;

/** Somebody set the zone wrong: the classic of classroom PCs. */
const zoneMs = -8 * 3_600_000;

/** The clock of a machine: cheap quartz, some of them never set by anybody. */
export class MachineClock {
  readonly #noise: Noise;

  constructor(seed: number, { name }: Machine) {
    this.#noise = new Noise(seed, `${name} clock`);
  }

  /** Hub's clock minus the machine's, ms. */
  offsetMs({ time, conditions }: Moment): number {
    const wrong = conditions.clockWrong ? zoneMs : 0;
    return decimals(wrong + 4000 * (this.#noise.at(0) - 0.5) + 20 * this.#noise.wander(time, 7200), 1);
  }
}

/** What a machine and its agent find out about themselves. */
export class Own {
  readonly #machine: Machine;
  readonly #faults: readonly Fault[];
  readonly #noise: Noise;
  readonly #clock: MachineClock;

  constructor(seed: number, machine: Machine, faults: readonly Fault[]) {
    this.#machine = machine;
    this.#faults = faults;
    this.#noise = new Noise(seed, `${machine.name} own`);
    this.#clock = new MachineClock(seed, machine);
  }

  host(moment: Moment, noise: Noise): Reading[] {
    const { time, conditions, power, day } = moment;
    const draw = noise.draws(time);
    const inLesson = day.lessons.some(([from, to]) => from <= time && time < to);
    const busy = inLesson ? between(draw, 0.18, 0.42) : between(draw, 0.02, 0.09);
    const full = conditions.diskFull;
    const used = 0.35 + 0.4 * this.#noise.at(0) + 0.02 * this.#noise.wander(time, 30 * 86_400);
    const free = full ? 0 : Math.floor(((1 - used) * diskBytes) / 1e6) * 1e6;
    return [
      {
        measurement: 'host',
        tags: {},
        fields: {
          cpu_ratio: decimals(busy, 2),
          memory_used_ratio: decimals(0.52 + 0.1 * noise.wander(time, 1800) + (inLesson ? 0.1 : 0), 3),
          memory_total_bytes: memoryBytes,
          disk_free_bytes: free,
          disk_used_ratio: full ? 1 : decimals(used, 3),
          uptime_s: Math.floor((time - (power.bootedAt ?? power.since)) / 60) * 60,
          // Windows does not say.
          ...(this.#machine.kind === 'receiver' && { processes: Math.round(between(draw, 118, 131)) }),
        },
      },
      this.#interface(moment, inLesson, draw),
    ];
  }

  #interface({ conditions, sinceS }: Moment, inLesson: boolean, draw: () => number): Reading {
    const { cable, storm } = conditions;
    const speed = this.#noise.at(1) < 0.3 ? 1e8 : 1e9;
    const rx = storm
      ? speed * between(draw, 0.5, 0.9)
      : inLesson
        ? between(draw, 6e6, 9e6)
        : between(draw, 5e3, 8e4);
    const tx = inLesson ? between(draw, 8e4, 3e5) : between(draw, 2e3, 2e4);
    return {
      measurement: 'interface',
      tags: { interface: 'eth0' },
      fields: {
        rx_bit_s: cable ? rx : 0,
        tx_bit_s: cable ? tx : 0,
        rx_errors: 0,
        tx_errors: 0,
        rx_dropped: cable && storm ? Math.round(between(draw, 50, 400) * sinceS) : 0,
        tx_dropped: 0,
        ...(cable && { speed_bit_s: speed }),
        up: cable,
      },
    };
  }

  agent(moment: Moment, noise: Noise): Reading {
    const { time, day, conditions, power, sinceS } = moment;
    const draw = noise.draws(time);
    const { samples, oldestS } = this.#backlog(time);
    const since = Math.max(day.start, power.bootedAt ?? power.since);
    const full = this.#faults.find(
      ({ kind, begin, end }) => kind === 'full-disk' && begin <= time && time < end,
    );
    return {
      measurement: 'agent',
      tags: {},
      fields: {
        cpu_ratio: decimals(between(draw, 0.002, 0.009), 3),
        resident_bytes: Math.round(between(draw, 55, 64)) * 1e6,
        wire_bytes: Math.round((time - since) * wireBytesPerS),
        outbox_samples: samples,
        outbox_bytes: 4096 * (8 + Math.ceil(samples / 20)),
        outbox_oldest_s: oldestS,
        dropped_samples: 0,
        failed_writes: full && conditions.diskFull ? Math.round((time - full.begin) * samplesPerS) : 0,
        clock_offset_ms: this.#clock.offsetMs(moment),
        slept_s: power.since > time - sinceS ? (power.sleptS ?? 0) : 0,
        reconnects: this.#cuts().filter(({ end }) => since <= end && end <= time).length,
      },
    };
  }

  /** What waits for the hub: grows while the machine is cut off, and goes at a bounded rate afterwards. */
  #backlog(time: number): { samples: number; oldestS: number } {
    const last = this.#cuts().findLast(({ begin }) => begin <= time);
    const few = { samples: 4, oldestS: 12 };
    if (last === undefined) return few;
    if (time < last.end)
      return {
        samples: Math.round((time - last.begin) * samplesPerS) + few.samples,
        oldestS: Math.round(time - last.begin),
      };
    const left = (last.end - last.begin) * samplesPerS - (time - last.end) * drainedPerS;
    if (left <= 0) return few;
    return { samples: Math.round(left), oldestS: Math.round(time - last.end + left / samplesPerS) };
  }

  #cuts(): readonly Fault[] {
    return this.#faults.filter(({ kind }) => definitionOf(kind).silent === 'cut');
  }
}
