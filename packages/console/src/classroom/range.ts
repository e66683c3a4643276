/** How far back a page looks; kept in its address, so that a link shows others the same. */
export const recentSpans = {
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const;
export type RecentName = keyof typeof recentSpans;
export const recentNames = Object.keys(recentSpans).filter(isRecent);

export type TimeRange =
  | Readonly<{ kind: 'recent'; name: RecentName }>
  | Readonly<{ kind: 'fixed'; from: number; to: number }>;

function isRecent(name: string): name is RecentName {
  return Object.hasOwn(recentSpans, name);
}

/** The range that an address asks for (`?range=6h`, `?from=…&to=…` in RFC 3339); an hour where it asks for none. */
export function readRange(query: Readonly<Record<string, string | undefined>>): TimeRange {
  const from = Date.parse(query.from ?? '') / 1000;
  const to = Date.parse(query.to ?? '') / 1000;
  if (to > from) return { kind: 'fixed', from, to };
  const name = query.range ?? '';
  return { kind: 'recent', name: isRecent(name) ? name : '1h' };
}

/** The query that {@link readRange} understands. */
export function writeRange(range: TimeRange): Record<string, string> {
  if (range.kind === 'recent') return { range: range.name };
  const text = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString();
  return { from: text(range.from), to: text(range.to) };
}

/** A time axis in steps: `count` buckets of `every` seconds, the first beginning at `from`, a multiple of `every`. */
export type Grid = Readonly<{ from: number; every: number; count: number }>;

/** Agents measure every ten seconds at the fastest. */
const steps = [10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800] as const;
const mostPoints = 400;

/** The axis for a range with 400 points at most; that of a recent range ends with the present bucket. */
export function gridOf(range: TimeRange, now: number): Grid {
  const span = range.kind === 'recent' ? recentSpans[range.name] : range.to - range.from;
  const every = steps.find((step) => span / step <= mostPoints) ?? 604_800;
  const end =
    range.kind === 'recent' ? (Math.floor(now / every) + 1) * every : Math.ceil(range.to / every) * every;
  const start = range.kind === 'recent' ? end - span : range.from;
  const count = Math.ceil((end - start) / every);
  return { from: end - count * every, every, count };
}

/** The moment after the last bucket. */
export function endOf(grid: Grid): number {
  return grid.from + grid.count * grid.every;
}

/** Starts of the buckets. */
export function timesOf(grid: Grid): number[] {
  return Array.from({ length: grid.count }, (_, index) => grid.from + index * grid.every);
}
