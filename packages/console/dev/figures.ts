import type { LinkSpark, Overview, Sample, Series } from '../src/api/answers.ts';
import { agentsAt, dishOf, troubles } from './county.ts';
import { satelliteSamples } from './satellite-figures.ts';

/** A made-up value that is the same each time it is asked for: from 0 to 1 by name and step. */
export function noise(name: string, step: number): number {
  let hash = 2166136261;
  for (const letter of `${name}/${step}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

const usual: Readonly<Record<string, number>> = { lan: 1.4, broadband: 38, platform: 66 };

function isLink(name: string): name is 'lan' | 'broadband' | 'platform' {
  return name === 'lan' || name === 'broadband' || name === 'platform';
}

/** Whether the link has been degraded for so long. */
function isPoor(agent: string, link: string, now: number, time: number): boolean {
  const trouble = troubles[agent];
  return isLink(link) && trouble?.[link] === 'degraded' && time > now - (trouble.since ?? 0);
}

function isDark(agent: string, link: string, now: number, time: number): boolean {
  const trouble = troubles[agent];
  if (trouble?.heardBefore !== undefined) return time > now - trouble.heardBefore;
  if (isLink(link) && trouble?.[link] === 'down') return time > now - (trouble.since ?? 0);
  return agent.startsWith('xx2') && time % 86_400 > 30_000 && time % 86_400 < 30_900;
}

function rtt(agent: string, link: string, now: number, time: number): number {
  const step = Math.floor(time / 10);
  const poor = isPoor(agent, link, now, time) ? 5 : 1;
  const wave = 1 + 0.3 * Math.sin((time / 86_400) * 2 * Math.PI);
  const burst = noise(`${agent}${link}burst`, step) > 0.97 ? 3 : 1;
  return (usual[link] ?? 20) * poor * wave * burst * (0.85 + 0.3 * noise(agent + link, step));
}

function loss(agent: string, link: string, now: number, time: number): number {
  const step = Math.floor(time / 10);
  if (!isPoor(agent, link, now, time)) return noise(`${agent}${link}loss`, step) < 0.01 ? 0.1 : 0;
  return noise(`${agent}${link}loss`, step) < 0.5
    ? 0.1 * Math.ceil(4 * noise(`${agent}${link}lost`, step))
    : 0;
}

export function overviewAt(now: number): Overview {
  const step = 60;
  const from = (Math.floor(now / step) - 59) * step;
  const minutes = Array.from({ length: 60 }, (_, index) => from + index * step);
  const agents = agentsAt(now);
  const spark = (agent: string, link: string): LinkSpark => ({
    rtt_ms: minutes.map((time) => (isDark(agent, link, now, time) ? null : rtt(agent, link, now, time))),
    loss_ratio: minutes.map((time) => (isDark(agent, link, now, time) ? null : loss(agent, link, now, time))),
  });
  return {
    time: now,
    agents,
    clockBelieved: true,
    registryRead: true,
    setAside: [],
    spark: {
      from,
      step,
      count: 60,
      agents: Object.fromEntries(
        agents.map(({ id, links }) => [
          id,
          Object.fromEntries(links.map(({ link }) => [link, spark(id, link)])),
        ]),
      ),
    },
  };
}

/** What an agent measures every ten seconds. */
export function samplesAt(agent: string, now: number, time: number): Sample[] {
  const over = (measurement: string, link: string, target: string): Sample => {
    const at = { measurement, tags: { link, target }, time };
    if (isDark(agent, link, now, time))
      return {
        ...at,
        fields:
          measurement === 'http'
            ? { ok: false, failure: 'path', error: 'timeout', duration_ms: 20_000 }
            : { ok: false, failure: 'path', error: 'no reply', duration_ms: 3400 },
      };
    // Each target is as far away as it is.
    const delay = rtt(agent, link, now, time) * (0.8 + noise(target, 0));
    const lost = loss(agent, link, now, time);
    return { ...at, fields: { ok: true, duration_ms: delay + 20, ...fieldsOf(measurement, delay, lost) } };
  };
  return [
    over('stamp', 'broadband', 'hub'),
    over('ping', 'lan', 'gateway'),
    over('dns', 'broadband', 'resolver'),
    ...(dishOf(agent) === undefined
      ? [over('http', 'platform', 'national'), over('http', 'platform', 'provincial')]
      : satelliteSamples(agent, now, time)),
    {
      measurement: 'host',
      tags: {},
      time,
      fields: {
        cpu_ratio: 0.1 + 0.3 * noise(agent, Math.floor(time / 60)),
        memory_used_ratio: 0.52 + 0.05 * noise(agent, Math.floor(time / 600)),
        disk_free_bytes: 8.1e10,
        uptime_s: time % 86_400,
      },
    },
    {
      measurement: 'interface',
      tags: { interface: 'eth0' },
      time,
      fields: {
        rx_bit_s: 3.1e6 * (0.5 + noise(`${agent}rx`, Math.floor(time / 10))),
        tx_bit_s: 2.2e5 * (0.5 + noise(`${agent}tx`, Math.floor(time / 10))),
        rx_errors: 0,
      },
    },
    {
      measurement: 'agent',
      tags: {},
      time,
      fields: {
        cpu_ratio: 0.001,
        resident_bytes: 4.6e7,
        outbox_samples: troubles[agent]?.backlog ?? 0,
        outbox_bytes: 2.4e5,
        outbox_oldest_s: troubles[agent]?.backlog === undefined ? 0 : 1250,
        dropped_samples: 0,
        clock_offset_ms: 2220 + noise(agent, Math.floor(time / 60)),
      },
    },
  ];
}

function fieldsOf(measurement: string, delay: number, lost: number): Record<string, number> {
  const trip = {
    rtt_ms: delay,
    rtt_min_ms: delay * 0.9,
    rtt_max_ms: delay * 1.6,
    loss_ratio: lost,
    sent: 10,
  };
  switch (measurement) {
    case 'stamp':
      return {
        ...trip,
        jitter_ms: delay / 20,
        loss_up: lost * 10,
        loss_down: 0,
        offset_ms: 2220,
        ...(lost <= 0.2 && { r_factor: lost === 0 ? 93 : 68 }),
      };
    case 'ping':
      return trip;
    case 'dns':
      return { resolve_ms: delay, answers: 2 };
    default:
      return { resolve_ms: 5, connect_ms: delay / 2, first_byte_ms: delay * 2, status: 200 };
  }
}

type Query = Readonly<{
  measurement: string;
  field: string;
  agent: string;
  from: number;
  to: number;
  every: number;
}>;

export function seriesOf(query: Query, now: number): Series {
  const { measurement, field, agent, from, to, every } = query;
  const start = Math.ceil(from / every) * every;
  const times = Array.from(
    { length: Math.max(0, Math.ceil((Math.min(to, now) - start) / every)) },
    (_, index) => start + index * every,
  );
  const lines = samplesAt(agent, now, now)
    .filter((sample) => sample.measurement === measurement)
    .map(({ tags }) => ({
      tags,
      values: times.map((time) => {
        const same = samplesAt(agent, now, time).find(
          (sample) => sample.measurement === measurement && sample.tags.target === tags.target,
        );
        return same?.fields[field] ?? null;
      }),
    }));
  return { times, series: lines.filter(({ values }) => values.some((value) => value !== null)) };
}
