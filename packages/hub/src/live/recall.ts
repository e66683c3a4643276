import { setTimeout as wait } from 'node:timers/promises';
import { definitionOf, hasTag, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import type { FieldValue } from '@tongtang/model/sample';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { SeriesQuery, SeriesResult, TelemetryStore } from '@tongtang/store/telemetry';
import type { LiveFleet } from './fleet.ts';
import type { LatestValue } from './live.ts';

/** As far back as something counts (agent-view.ts). */
const backS = 900;
/** Of each minute the last value: exact enough to show until the agent sends again. */
const everyS = 60;
/** How long it waits before it looks again whether the hub is busy. */
const busyMs = 500;

/**
 * Reads from the store what the fleet measured last, so that the page is not empty after a restart of the hub. It goes
 * on beside everything else; that it fails is logged and matters to nobody for longer than a minute.
 * @param now hub time in seconds
 * @param busy whether a crowd of agents is coming in: what it sends is newer than anything that can be recalled
 * @returns how to stop; resolves when nothing is under way any more
 */
export function recallFleet(
  telemetry: Pick<TelemetryStore, 'series'>,
  fleet: Pick<LiveFleet, 'recall'>,
  log: Log,
  now: number,
  busy: () => boolean,
): () => Promise<void> {
  const stopping = new AbortController();
  const recalling = recallAll(telemetry, fleet, now, busy, stopping.signal).catch((error: unknown) =>
    log.warn({ error: messageOf(error) }, 'could not recall what was measured last'),
  );
  return () => {
    stopping.abort();
    return recalling;
  };
}

async function recallAll(
  telemetry: Pick<TelemetryStore, 'series'>,
  fleet: Pick<LiveFleet, 'recall'>,
  now: number,
  busy: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (const measurement of measurementNames) {
    const found = new Map<string, Recalled>();
    for (const field of Object.keys(definitionOf(measurement).fields)) {
      while (busy() && !signal.aborted) await wait(busyMs, undefined, { ref: false });
      if (signal.aborted) return;
      addNewest(found, field, measurement, await telemetry.series(queryFor(measurement, field, now)));
    }
    for (const { agent, sample } of found.values()) fleet.recall(agent, [sample]);
  }
}

type Recalled = { agent: string; sample: LatestValue & { fields: Record<string, FieldValue> } };

function queryFor(measurement: MeasurementName, field: string, now: number): SeriesQuery {
  const from = Math.floor((now - backS) / everyS) * everyS;
  return { measurement, field, tags: {}, from, to: now, every: everyS, agg: 'last' };
}

/** Adds the newest value of each series to the sample that it belongs to. */
function addNewest(
  found: Map<string, Recalled>,
  field: string,
  measurement: MeasurementName,
  { times, series }: SeriesResult,
): void {
  for (const { tags, values } of series) {
    const at = values.findLastIndex((value) => value !== null);
    const [time, value] = [times[at], values[at]];
    if (time === undefined || value === undefined || value === null) continue;
    const key = `${JSON.stringify(tags)} ${time}`;
    const recalled = found.get(key) ?? {
      agent: tags.agent ?? '',
      sample: { measurement, tags: ownTags(measurement, tags), time, fields: {} },
    };
    recalled.sample.fields[field] = value;
    found.set(key, recalled);
  }
}

/** The tags of the measurement itself, without those of the place. */
function ownTags(
  measurement: MeasurementName,
  tags: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => hasTag(measurement, name) && value !== ''),
  );
}
