import type { MeasurementName } from '@tongtang/model/catalogue';
import {
  type SeriesQuery,
  type SeriesResult,
  type TelemetryStore,
  UnfitQuery,
} from '@tongtang/store/telemetry';

type Values = (number | null)[];
/** What one link of one agent was like, one value a step; null where nothing was measured. */
export type LinkSpark = { rtt_ms?: Values; loss_ratio?: Values };

/** The last hour of every agent's links, in the coarsest form that still shows a dip. */
export type Spark = Readonly<{
  /** Start of the first step, seconds since 1970. */
  from: number;
  /** Seconds. */
  step: number;
  count: number;
  agents: Readonly<Record<string, Readonly<Record<string, LinkSpark>>>>;
}>;

const step = 60;
const count = 60;
/** Asked for by every open page; the last minute is incomplete anyway. */
const freshS = 15;

type Source = readonly [measurement: MeasurementName, field: string];

/**
 * Where a link's round trip and loss are read from; of several probes the first of the list that has anything.
 * A TCP connection opens with one round trip (RFC 9293, section 3.5).
 */
const sources: Readonly<Record<keyof LinkSpark, readonly Source[]>> = {
  rtt_ms: [
    ['stamp', 'rtt_ms'],
    ['ping', 'rtt_ms'],
    ['tcp', 'connect_ms'],
    ['http', 'connect_ms'],
  ],
  loss_ratio: [
    ['stamp', 'loss_ratio'],
    ['ping', 'loss_ratio'],
  ],
};

/** Reads the last hour: one query a measurement and field for all agents, and one reading for all who ask meanwhile. */
export function openSpark(
  telemetry: Pick<TelemetryStore, 'series'>,
  nowS: () => number,
): () => Promise<Spark> {
  let kept: { at: number; spark: Promise<Spark> } | undefined;
  return () => {
    const now = nowS();
    if (kept !== undefined && now - kept.at < freshS) return kept.spark;
    const reading = { at: now, spark: readSpark(telemetry, now) };
    kept = reading;
    reading.spark.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.spark;
  };
}

async function readSpark(telemetry: Pick<TelemetryStore, 'series'>, now: number): Promise<Spark> {
  const from = Math.floor(now / step) * step - (count - 1) * step;
  const to = from + count * step;
  const agents: Record<string, Record<string, LinkSpark>> = {};
  for (const kind of ['rtt_ms', 'loss_ratio'] as const) {
    const results = await Promise.all(
      sources[kind].map(([measurement, field]) =>
        readSource(telemetry, { measurement, field, tags: {}, from, to, every: step, agg: 'mean' }),
      ),
    );
    for (const result of results)
      for (const [agent, links] of Object.entries(byLink(result, from, kind)))
        for (const [link, values] of Object.entries(links)) {
          agents[agent] ??= {};
          agents[agent][link] ??= {};
          agents[agent][link][kind] ??= values;
        }
  }
  return { from, step, count, agents };
}

/** A fleet that is too large for one answer goes without this line; the page has all else. */
async function readSource(
  telemetry: Pick<TelemetryStore, 'series'>,
  query: SeriesQuery,
): Promise<SeriesResult> {
  try {
    return await telemetry.series(query);
  } catch (error) {
    if (error instanceof UnfitQuery) return { times: [], series: [] };
    throw error;
  }
}

/** Series of the same link are laid together: the worst target of each minute is what a lesson would meet. */
function byLink(
  { times, series }: SeriesResult,
  from: number,
  kind: keyof LinkSpark,
): Record<string, Record<string, Values>> {
  const agents: Record<string, Record<string, Values>> = {};
  for (const { tags, values } of series) {
    const { agent, link } = tags;
    if (agent === undefined || link === undefined) continue;
    agents[agent] ??= {};
    agents[agent][link] ??= Array.from({ length: count }, () => null);
    const line = agents[agent][link];
    for (const [index, time] of times.entries()) {
      const value = values[index];
      const at = (time - from) / step;
      const known = line[at];
      if (typeof value === 'number' && known !== undefined)
        line[at] = Math.max(known ?? 0, kind === 'rtt_ms' ? round(value, 10) : round(value, 10_000));
    }
  }
  return agents;
}

/** Digits that no chart shows would only fill the thin link. */
function round(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}
