import type { LinkKind } from '@tongtang/model/link';
import type { Fields } from '@tongtang/model/sample';
import type { Machine, Task } from '../county/machine.ts';
import { Noise } from '../county/noise.ts';
import type { Day } from '../county/school-days.ts';
import { between, decimals, failed } from './figures.ts';
import type { Moment } from './instruments.ts';
import { MachineClock } from './own.ts';

/** A way over the network as it is at a moment. */
type Way =
  | Readonly<{ open: true; rttMs: number; jitterMs: number; lossUp: number; lossDown: number }>
  | Readonly<{ open: false; break: 'cable' | 'outside' | 'hub' }>;

type Aim = Readonly<{
  measurement: Task['measurement'];
  link: LinkKind | undefined;
  target: string | undefined;
}>;

const packets = { stamp: 10, ping: 4 } as const;
/** In ten minutes one packet may get lost, in one of ten: no line is perfect, and this much no lesson feels. */
const stray = { inS: 600, share: 0.1 } as const;

/** What the probes of the network find. */
export class Network {
  readonly #clock: MachineClock;
  readonly #line: Noise;
  readonly #own: Noise;

  constructor(seed: number, machine: Machine) {
    this.#clock = new MachineClock(seed, machine);
    // All rooms of a school share its line, and jitter together.
    this.#line = new Noise(seed, `${machine.school.id} line`);
    this.#own = new Noise(seed, `${machine.name} network`);
  }

  read(aim: Aim, moment: Moment, noise: Noise): Fields {
    const draw = noise.draws(moment.time);
    const way = this.#way(aim, moment, draw);
    switch (aim.measurement) {
      case 'ping':
        return way.open
          ? { ok: true, ...this.#packets(packets.ping, way, moment, draw) }
          : pingFailure(way.break);
      case 'stamp':
        return way.open
          ? { ok: true, ...this.#session(way, moment, draw) }
          : way.break === 'cable'
            ? failed('path', 'ENETUNREACH', between(draw, 1, 5), {
                sent: packets.stamp,
                received: 0,
                loss_ratio: 1,
              })
            : failed('path', 'no reply', between(draw, 7900, 8100), {
                sent: packets.stamp,
                received: 0,
                loss_ratio: 1,
              });
      case 'dns':
        return way.open
          ? {
              ok: true,
              duration_ms: resolved(way.rttMs, draw),
              resolve_ms: resolved(way.rttMs, draw),
              answers: 1,
            }
          : way.break === 'cable'
            ? failed('resolver', 'ECONNREFUSED', between(draw, 1, 4))
            : failed('resolver', 'timeout', between(draw, 9000, 9100));
      case 'path':
        return this.#route(way, draw);
      case 'throughput':
        return way.open ? this.#throughput(way, draw) : failed('path', 'timeout', 10_000);
      default:
        return way.open ? fetched(aim.measurement, way.rttMs, moment.time, draw) : fetchFailure(aim, draw);
    }
  }

  #way({ link, target }: Aim, { conditions, day, time }: Moment, draw: () => number): Way {
    const { cable, storm, outside, hub, congested } = conditions;
    if (!cable) return { open: false, break: 'cable' };
    const flooded = storm ? { rttMs: between(draw, 40, 130), jitterMs: between(draw, 55, 110) } : noFlood;
    const loss = storm ? between(draw, 0.12, 0.3) : 0;
    if (link === 'lan')
      return {
        open: true,
        rttMs: 0.35 + 0.5 * draw() + flooded.rttMs,
        jitterMs: 0.1 + 0.2 * draw() + flooded.jitterMs,
        lossUp: loss,
        lossDown: loss / 2,
      };
    if (outside !== 'open') return { open: false, break: 'outside' };
    if (!hub && (target === 'hub' || target === 'bandwidth')) return { open: false, break: 'hub' };
    const load = this.#load(day, time);
    const queued = congested ? between(draw, 430, 800) : 0;
    const base = 16 + 26 * this.#line.at(0);
    return {
      open: true,
      rttMs: base + 42 * load + 3 * this.#line.wander(time, 240) + 1.5 * draw() + queued + flooded.rttMs,
      jitterMs: 0.4 + 9 * load + 1.2 * draw() + (congested ? between(draw, 55, 160) : 0) + flooded.jitterMs,
      lossUp: Math.max(loss, congested ? between(draw, 0.1, 0.2) : 0),
      lossDown: loss / 2,
    };
  }

  /** How full the line to the outside is, from 0 to 1: with lessons, and with the town in the evening. */
  #load({ start, lessons }: Day, time: number): number {
    const hour = (time - start) / 3600;
    const evening = Math.exp(-(((hour - 20.5) / 1.8) ** 2));
    const inLesson = lessons.some(([from, to]) => from <= time && time < to) ? 0.35 : 0.1;
    const own = 0.5 + 0.5 * this.#line.wander(time, 1800);
    return Math.min(1, 0.85 * evening * (0.6 + 0.4 * own) + inLesson * own);
  }

  /** How many of a run get lost. Of a run under a flood or a full queue at least one. */
  #lost(sent: number, share: number, { time, sinceS }: Moment, draw: () => number): number {
    if (share > 0) return Math.min(sent - 1, Math.max(1, Math.round(sent * share * (0.6 + 0.8 * draw()))));
    const window = Math.floor(time / stray.inS);
    if (this.#own.at(window) >= stray.share) return 0;
    const run = Math.floor((this.#own.at(window + 0.5) * stray.inS) / sinceS);
    return Math.floor((time % stray.inS) / sinceS) === run ? 1 : 0;
  }

  #packets(sent: number, way: Way & { open: true }, moment: Moment, draw: () => number): Fields {
    const lost = this.#lost(sent, way.lossUp, moment, draw);
    const spread = way.jitterMs * (0.6 + 0.8 * draw());
    return {
      sent,
      received: sent - lost,
      loss_ratio: lost / sent,
      rtt_min_ms: decimals(Math.max(0.2, way.rttMs - spread / 2), way.rttMs < 10 ? 2 : 1),
      rtt_ms: decimals(way.rttMs, way.rttMs < 10 ? 2 : 1),
      rtt_max_ms: decimals(way.rttMs + spread, way.rttMs < 10 ? 2 : 1),
    };
  }

  #session(way: Way & { open: true }, moment: Moment, draw: () => number): Fields {
    const counts = this.#packets(packets.stamp, way, moment, draw);
    const lost = packets.stamp - Number(counts.received);
    const up = way.lossUp > way.lossDown || draw() < 0.5 ? lost : 0;
    return {
      ...counts,
      jitter_ms: decimals(way.jitterMs, 2),
      loss_up: up,
      loss_down: lost - up,
      loss_unattributed: 0,
      reordered: 0,
      duplicates: 0,
      offset_ms: this.#clock.offsetMs(moment),
      r_factor: voiceRating(way.rttMs, way.jitterMs, lost / packets.stamp),
    };
  }

  #route(way: Way, draw: () => number): Fields {
    const hops = [
      '192.168.1.1',
      ...(way.open || way.break === 'hub' ? ['100.64.0.1', '198.51.100.9', '*'] : []),
    ];
    if (!way.open && way.break === 'cable') return failed('path', 'ENETUNREACH', between(draw, 1, 5));
    if (way.open) hops.push('203.0.113.7');
    const last = hops.findLast((hop) => hop !== '*') ?? '';
    return {
      ok: true,
      duration_ms: Math.round(between(draw, 900, 6000)),
      reached: way.open,
      hops: way.open ? hops.length : hops.indexOf(last) + 1,
      route: hops.join(' '),
      last_hop: last,
      rtt_ms: decimals(way.open ? way.rttMs : between(draw, 0.5, 2), 1),
      changed: false,
    };
  }

  #throughput(way: Way & { open: true }, draw: () => number): Fields {
    const down = (20 + 80 * this.#line.at(1)) * 1e6 * (0.75 + 0.2 * draw()) * (way.lossUp > 0 ? 0.2 : 1);
    const up = (down / 4) * (0.8 + 0.2 * draw());
    return {
      ok: true,
      duration_ms: 20_400,
      connect_ms: decimals(way.rttMs, 1),
      download_bit_s: down,
      download_bytes: Math.round((down * 10) / 8),
      download_s: 10,
      upload_bit_s: up,
      upload_bytes: Math.round((up * 10) / 8),
      upload_s: 10,
      rtt_min_ms: decimals(way.rttMs, 1),
    };
  }
}

const noFlood = { rttMs: 0, jitterMs: 0 } as const;

function pingFailure(at: 'cable' | 'outside' | 'hub'): Fields {
  return at === 'cable'
    ? failed('path', 'no gateway', 0)
    : failed('path', 'no reply', 4000, { sent: packets.ping, received: 0, loss_ratio: 1 });
}

function resolved(rttMs: number, draw: () => number): number {
  return decimals(rttMs * 0.4 + 3 + 6 * draw(), 1);
}

/** Without a way out no name is found: that is the first that fails. */
function fetchFailure({ measurement }: Aim, draw: () => number): Fields {
  return measurement === 'tls'
    ? failed('resolver', 'EAI_AGAIN', between(draw, 4000, 5100))
    : failed('resolver', 'EAI_AGAIN', between(draw, 4000, 5100), {
        resolve_ms: Math.round(between(draw, 4000, 5000)),
      });
}

/** A page, or a part of fetching one. */
function fetched(measurement: string, rttMs: number, time: number, draw: () => number): Fields {
  const resolve = resolved(rttMs, draw);
  const connect = decimals(rttMs * (1 + 0.1 * draw()), 1);
  const secure = decimals(rttMs * (2.1 + 0.4 * draw()) + 8, 1);
  switch (measurement) {
    case 'tls':
      // Certificates of 90 days, renewed after 60.
      return {
        ok: true,
        duration_ms: Math.round(resolve + connect + secure),
        handshake_ms: secure,
        days_left: decimals(90 - ((time / 86_400) % 60), 1),
      };
    case 'tcp':
      return {
        ok: true,
        duration_ms: Math.round(resolve + connect),
        resolve_ms: resolve,
        connect_ms: connect,
      };
    default: {
      const firstByte = decimals(resolve + connect + secure + rttMs + 20 + 60 * draw(), 1);
      return {
        ok: true,
        duration_ms: Math.round(firstByte + rttMs),
        resolve_ms: resolve,
        connect_ms: connect,
        tls_ms: secure,
        first_byte_ms: firstByte,
        status: 200,
        body_bytes: Math.round(21_000 + 4000 * draw()),
      };
    }
  }
}

/** Near enough to what packages/probes computes after ITU-T G.107: 93 at its best, less with delay and loss. */
function voiceRating(rttMs: number, jitterMs: number, loss: number): number {
  const delay = Math.max(0, rttMs / 2 + jitterMs - 150) * 0.12;
  return Math.round(Math.min(93, Math.max(20, 93 - delay - 270 * loss)));
}
