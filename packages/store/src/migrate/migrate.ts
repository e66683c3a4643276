import { type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { type Layer, layers, type Piece, type Span } from '../contents.ts';
import { acceptedFrom, closedTo } from '../rollup/slots.ts';
import { retention, type TelemetryStore } from '../telemetry.ts';
import type { Journal, MigrationJournal } from './journal.ts';
import { placedSamplesOf } from './placed.ts';
import { addPiece, areEqual, noSums, type Sums } from './sums.ts';

/** A store, and its location for people, without secrets. */
export type Side = Readonly<{ store: TelemetryStore; shown: string }>;

export type Migration = Readonly<{
  source: Side;
  target: Side;
  journal: MigrationJournal;
  /** Hub time in seconds. */
  nowS: () => number;
  /** @param share of the time that is kept, how much of it is done */
  onDay?: (day: Readonly<{ layer: Layer; day: number; points: number; share: number }>) => void;
}>;

/** Points that were copied and found again, by layer. */
export type Migrated = Readonly<Record<Layer, number>>;

const dayS = 86_400;
/** So many points are put in at once. */
const pointsAtOnce = 20_000;

/**
 * Copies all telemetry of a store into one that holds none, day by day, and compares each day by counts and sums. Nobody may write
 * to either meanwhile. Killed at any moment it goes on with the day that it was at: what is put in twice is there once. The source
 * stays as it is.
 * @throws where the target holds something, another migration is under way, a store is away, or a day is not the same after it was
 * copied
 */
export async function migrate(migration: Migration): Promise<Migrated> {
  const { source, journal, onDay } = migration;
  const state = journal.read() ?? (await begin(migration));
  for (const [mine, side] of [
    [state.from, migration.source],
    [state.to, migration.target],
  ] as const)
    if (mine !== side.shown)
      throw new Error(`a migration from ${state.from} to ${state.to} is under way: finish that one first`);
  const weeks = layers.flatMap((layer) => weeksOf(layer, state));
  const points: Record<Layer, number> = { raw: 0, minute: 0 };
  for (const { layer, points: copied } of state.done) points[layer] += copied;
  for (const [index, { layer, days }] of weeks.entries()) {
    if (await isEmpty(source.store, layer, days)) continue;
    for (const day of days) {
      if (state.done.some((done) => done.layer === layer && done.day === day)) continue;
      const { points: copied } = await copyDay(migration, state, layer, day);
      if (copied === 0) continue;
      points[layer] += copied;
      state.done.push({ layer, day, points: copied });
      journal.write(state);
      onDay?.({ layer, day, points: copied, share: index / weeks.length });
    }
  }
  journal.remove();
  return points;
}

async function begin({ source, target, journal, nowS }: Migration): Promise<Journal> {
  await source.store.check();
  await target.store.check();
  const now = Math.floor(nowS());
  const everything = [0, now + 366 * dayS];
  for (const layer of layers)
    if (!(await isEmpty(target.store, layer, everything)))
      throw new Error(`${target.shown} holds telemetry already: name an empty one`);
  // Whatever waits to be rolled up, is; what comes after that is left to the target.
  await source.store.maintain(now);
  const state = { from: source.shown, to: target.shown, began: now, rolled: closedTo(now), done: [] };
  journal.write(state);
  return state;
}

type Week = Readonly<{ layer: Layer; days: readonly number[] }>;

/**
 * The days that are copied, the newest first, so that what people look at is there first. The last day that is kept is left out:
 * it might go while it is copied.
 */
function weeksOf(layer: Layer, { began, rolled }: Journal): Week[] {
  const [from, to] =
    layer === 'raw'
      ? // A clock that was ahead may have written for tomorrow.
        [acceptedFrom(began) + dayS, began + dayS]
      : [began - retention.minuteS + dayS, rolled];
  const weeks: { layer: Layer; days: number[] }[] = [];
  for (let day = to - (to % dayS); day >= from; day -= dayS) {
    const last = weeks.at(-1);
    if (last === undefined || last.days.length === 7) weeks.push({ layer, days: [day] });
    else last.days.push(day);
  }
  return weeks;
}

/** Most of two years, mostly: asked for a week at a time. */
async function isEmpty(store: TelemetryStore, layer: Layer, days: readonly number[]): Promise<boolean> {
  const span = { from: Math.min(...days), to: Math.max(...days) + dayS };
  for (const measurement of measurementNames)
    for await (const piece of store.contents(layer, measurement, span))
      if (piece.rows.length > 0) return false;
  return true;
}

async function copyDay(
  { source, target }: Migration,
  state: Journal,
  layer: Layer,
  day: number,
): Promise<Sums> {
  const span = { from: day, to: layer === 'minute' ? Math.min(day + dayS, state.rolled) : day + dayS };
  const copied = noSums();
  for (const measurement of measurementNames)
    await copy(source.store, target.store, { layer, measurement, span, rolled: state.rolled }, copied);
  const found = noSums();
  for (const measurement of measurementNames)
    for await (const piece of target.store.contents(layer, measurement, span)) addPiece(found, piece);
  if (!areEqual(copied, found))
    throw new Error(
      `${new Date(day * 1000).toISOString().slice(0, 10)}, ${layer}: ${told(copied)} in ${source.shown}, ${told(found)} in ${target.shown}`,
    );
  return copied;
}

type Part = Readonly<{ layer: Layer; measurement: MeasurementName; span: Span; rolled: number }>;

async function copy(
  source: TelemetryStore,
  target: TelemetryStore,
  { layer, measurement, span, rolled }: Part,
  copied: Sums,
): Promise<void> {
  let waiting: Piece[] = [];
  let points = 0;
  const put = async (): Promise<void> => {
    await target.restore(waiting);
    // By the door of what is new, so that it is rolled up.
    const fresh = waiting.flatMap((piece) => placedSamplesOf(piece, rolled));
    if (fresh.length > 0) {
      const { refused } = await target.write(fresh);
      const [first] = refused;
      if (first !== undefined) throw new Error(`refused: ${first.line}: ${first.reason}`);
    }
    waiting = [];
    points = 0;
  };
  for await (const piece of source.contents(layer, measurement, span)) {
    addPiece(copied, piece);
    waiting.push(piece);
    points += piece.rows.length;
    if (points >= pointsAtOnce) await put();
  }
  await put();
}

function told({ points, values, sum }: Sums): string {
  return `${points} points, ${values} values, sum ${sum}`;
}
