import type { EvidenceSample, Word } from '../agent-evidence.ts';
import { Timing } from '../timing.ts';
import type { SettledAgent, Topology } from '../topology.ts';
import { Random } from './random.ts';

/** What is not as it should be, at one agent and time. Absent is fine. */
export type Trouble = Readonly<{
  /** The machine has no power; `order`: it was switched off in order, or sleeps. */
  off?: 'hard' | 'order' | 'asleep';
  /** The machine runs, its agent does not. */
  ended?: true;
  cable?: true;
  gateway?: true;
  line?: true;
  hub?: true;
  /** The hub is not there: its own line, or its machine. */
  congested?: true;
  /** C/N is so many dB lower. */
  fadeDb?: number;
  receiverOff?: true;
  streamGone?: true;
  streamLoss?: number;
  diskUsed?: number;
  clockMs?: number;
}>;

export type TroubleOf = (agent: SettledAgent, time: number) => Trouble;

/** A batch, or a word, as it comes to the hub. */
export type Arrival = Readonly<{
  at: number;
  agent: string;
  samples: readonly EvidenceSample[];
  word?: Word;
}>;

export type Plan = Readonly<{
  topology: Topology;
  from: number;
  to: number;
  seed: number;
  troubleOf: TroubleOf;
  /** Share of test packets that are lost at random. */
  loss: number;
  /** Agents that are not there at all. */
  missing: ReadonlySet<string>;
}>;

const clearDb = 12;
const thresholdDb = 4;

/** All that reaches the hub, in order of arrival. */
export function arrivalsOf(plan: Plan): Arrival[] {
  const timing = new Timing(plan.topology);
  return plan.topology.agents
    .filter(({ id }) => !plan.missing.has(id))
    .flatMap((agent, index) => journeyOf(agent, plan, timing, new Random(plan.seed * 1009 + index)))
    .sort((a, b) => a.at - b.at);
}

/** An agent measures, keeps what it cannot send, and sends the newest first. */
function journeyOf(agent: SettledAgent, plan: Plan, timing: Timing, random: Random): Arrival[] {
  const arrivals: Arrival[] = [];
  const phase = Math.floor(random.between(0, 10));
  let pending: EvidenceSample[] = [];
  let connected = false;
  let lastSent = Number.NEGATIVE_INFINITY;
  let bootedAt = plan.from - 3600;
  let wasOff: Trouble['off'] | undefined;
  let wasEnded = false;
  let offSince = 0;
  const say = (state: Word['state'], at: number): void => {
    arrivals.push({ at, agent: agent.id, samples: [], word: { time: Math.floor(at), state } });
  };
  for (let time = plan.from + phase; time < plan.to; time += 10) {
    const trouble = plan.troubleOf(agent, time);
    const reaches = !(trouble.cable || trouble.gateway || trouble.line || trouble.hub);
    if (trouble.off !== undefined || trouble.ended === true) {
      if (connected && trouble.off === 'order') say('stopping', time - 5);
      if (connected && trouble.off === 'asleep') say('asleep', time - 5);
      if (connected && trouble.off === 'hard') say('offline', time + 125);
      if (connected && trouble.ended === true) say('offline', time - 4);
      if (connected) offSince = time;
      connected = false;
      wasOff = trouble.off;
      wasEnded = trouble.ended === true;
      continue;
    }
    const measured = measure(agent, time, trouble, plan, random);
    if (wasOff === 'hard' || wasOff === 'order') bootedAt = time - 40;
    if (wasOff !== undefined || wasEnded || time - plan.from < 20 || Math.floor(time / 10) % 3 === 0)
      measured.push(
        sample('host', time, { disk_used_ratio: trouble.diskUsed ?? 0.6, uptime_s: time - bootedAt }),
      );
    if (wasOff === 'asleep') measured.push(sample('agent', time, { slept_s: time - offSince }));
    if (Math.floor(time / 10) % 6 === 0)
      measured.push(
        sample('agent', time, { clock_offset_ms: (trouble.clockMs ?? 0) + random.normal() * 20 }),
      );
    [wasOff, wasEnded] = [undefined, false];
    pending.push(...measured);
    if (!reaches) {
      if (connected) say('offline', time + 130);
      connected = false;
      continue;
    }
    const at = time + 0.5 + (random.next() < plan.loss ? 0.6 : 0.05);
    if (!connected) say('online', at);
    if (time - lastSent < (timing.isNear(agent.school, time) ? 10 : 60) - 1 && connected) continue;
    connected = true;
    lastSent = time;
    // The newest first, the backlog at a bounded rate behind it.
    for (let part = 0, end = pending.length; end > 0; part += 1, end -= part === 1 ? 40 : 1000)
      arrivals.push({
        at: at + part * 2,
        agent: agent.id,
        samples: pending.slice(Math.max(0, end - (part === 0 ? 40 : 1000)), end),
      });
    pending = [];
  }
  return arrivals;
}

function sample(
  measurement: string,
  time: number,
  fields: EvidenceSample['fields'],
  tags: EvidenceSample['tags'] = {},
): EvidenceSample {
  return { measurement, time, fields, tags };
}

function measure(
  agent: SettledAgent,
  time: number,
  trouble: Trouble,
  { loss }: Plan,
  random: Random,
): EvidenceSample[] {
  const gateway = !(trouble.cable || trouble.gateway);
  const line = gateway && !trouble.line;
  const hub = line && !trouble.hub;
  const failed = { ok: false, failure: 'path' };
  const samples = [
    sample('ping', time, gateway ? { ok: true, rtt_ms: 1 } : failed, { link: 'lan', target: 'gateway' }),
    sample('stamp', time, hub ? stampOf(trouble, loss, random) : failed, {
      link: 'broadband',
      target: 'hub',
    }),
  ];
  const tick = Math.floor(time / 10);
  if (tick % 30 === agent.id.length % 30)
    samples.push(
      sample('http', time, line ? { ok: true } : failed, { link: 'platform', target: 'national' }),
    );
  if (tick % 3 === 0)
    samples.push(sample('interface', time, { up: trouble.cable !== true }, { interface: 'eth0' }));
  if (agent.kind === 'receiver') samples.push(...reception(time, trouble, random));
  return samples;
}

/** Packets go in pairs, and a fade takes both of one. */
function stampOf({ congested }: Trouble, loss: number, random: Random): EvidenceSample['fields'] {
  let received = 0;
  for (let pair = 0; pair < 5; pair += 1) if (random.next() >= (congested ? 0.3 : loss)) received += 2;
  if (received === 0) return { ok: false, failure: 'path', sent: 10, received };
  const rtt = congested ? 700 + 100 * random.normal() : 40 + 3 * random.normal();
  return { ok: true, sent: 10, received, rtt_ms: rtt };
}

function reception(time: number, trouble: Trouble, random: Random): EvidenceSample[] {
  const stream = { link: 'stream', target: 'lesson' };
  const dish = { link: 'satellite', target: 'receiver' };
  const cn = clearDb - (trouble.fadeDb ?? 0) + 0.15 * random.normal();
  const locked = cn > thresholdDb;
  const signal = trouble.receiverOff
    ? { ok: false, failure: 'path' }
    : locked
      ? { ok: true, locked, cn_db: cn, margin_db: cn - thresholdDb, uncorrected: 0 }
      : { ok: true, locked };
  const arrives = locked && !trouble.receiverOff && !trouble.streamGone;
  const flow = arrives
    ? { ok: true, interval_s: 10, absent_s: 0, loss_ratio: trouble.streamLoss ?? 0 }
    : { ok: false, failure: 'path' };
  return [sample('signal', time, signal, dish), sample('mpegts', time, flow, stream)];
}
