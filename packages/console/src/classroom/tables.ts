import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sample, Series } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { endOf, type Grid } from './range.ts';
import { type Aggregation, addSample, slideTable, type Table, tableOf } from './table.ts';

export type Wanted = Readonly<{
  measurement: string;
  field: string;
  agg: Aggregation;
  link?: string | undefined;
}>;

export type TableState =
  | Readonly<{ state: 'loading' }>
  | Readonly<{ state: 'failed'; error: unknown }>
  | Readonly<{ state: 'ready'; table: Table }>;

/** The tables behind the charts of one agent: fetched when first asked for, then kept current. */
export type Tables = Readonly<{
  table: (wanted: Wanted) => ReadonlySignal<TableState>;
  /** Adds what was just measured. */
  arrive: (samples: readonly Sample[]) => void;
  /** Moves on to a later grid of the same step. */
  slide: (grid: Grid) => void;
  /** Fetches everything again, keeping what is shown until the answer is there. */
  refresh: () => void;
  stop: () => void;
}>;

/** Wider buckets hold so many samples that a live one would not show; they are fetched again when a bucket is full. */
const liveUpToS = 60;

/** @param first the grid to begin with */
export function openTables(agent: string, first: Grid): Tables {
  const known = new Map<string, { wanted: Wanted; now: Signal<TableState> }>();
  const aborter = new AbortController();
  let grid = first;

  const load = async (wanted: Wanted, now: Signal<TableState>): Promise<void> => {
    const asked = grid;
    try {
      const { measurement, field, agg, link } = wanted;
      const query = {
        measurement,
        field,
        agg,
        link,
        agent,
        from: rfc3339(asked.from),
        to: rfc3339(endOf(asked)),
        every: asked.every,
      };
      const answer = await get<Series>('series', query, aborter.signal);
      now.value = { state: 'ready', table: slideTable(tableOf(answer, asked), grid) };
    } catch (error) {
      if (!aborter.signal.aborted && now.value.state !== 'ready') now.value = { state: 'failed', error };
    }
  };
  const refresh = (): void => {
    for (const { wanted, now } of known.values()) void load(wanted, now);
  };

  return {
    table: (wanted) => {
      const key = JSON.stringify(wanted);
      const found = known.get(key);
      if (found !== undefined) return found.now;
      const now = signal<TableState>({ state: 'loading' });
      known.set(key, { wanted, now });
      void load(wanted, now);
      return now;
    },
    arrive: (samples) => {
      if (grid.every > liveUpToS) return;
      for (const { wanted, now } of known.values()) {
        if (now.value.state !== 'ready') continue;
        const { table } = now.value;
        const next = samples
          .filter((sample) => concerns(sample, wanted))
          .reduce(
            (sum, { tags, time, fields }) =>
              addSample(sum, { tags, time, value: fields[wanted.field] }, wanted.agg),
            table,
          );
        if (next !== table) now.value = { state: 'ready', table: next };
      }
    },
    slide: (later) => {
      grid = later;
      if (grid.every > liveUpToS) return refresh();
      for (const { now } of known.values())
        if (now.value.state === 'ready')
          now.value = { state: 'ready', table: slideTable(now.value.table, grid) };
    },
    refresh,
    stop: () => aborter.abort(),
  };
}

function concerns(sample: Sample, { measurement, link }: Wanted): boolean {
  return sample.measurement === measurement && sample.tags.link === link;
}

/** A moment as the API takes it. */
export function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
