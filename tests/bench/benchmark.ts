/** A figure with what it has to reach. */
export type Result = Readonly<{
  /** Stable, dotted: `ingest.influxdb.ratio`. */
  name: string;
  value: number;
  /** Of the value; `1` for a ratio. */
  unit: string;
  /** Such as `<= 60` or `>= 0.6`; null for a figure that only stands beside another. */
  target: string | null;
  /** Whether the value reaches the target; null where there is none. */
  met: boolean | null;
}>;

export type BenchmarkContext = Readonly<{
  /** Tells the person who waits what is going on. */
  say: (text: string) => void;
}>;

/** Measures some figures together, beside their peer or limit in the same run. */
export type Benchmark = Readonly<{
  name: string;
  /** One line for `--help`: what is measured, against what. */
  about: string;
  run: (context: BenchmarkContext) => Promise<readonly Result[]>;
}>;

/** A figure without a target of its own. */
export function figure(name: string, value: number, unit: string): Result {
  return { name, value: rounded(value), unit, target: null, met: null };
}

/** A figure that may be so high at most. */
export function atMost(name: string, value: number, unit: string, limit: number): Result {
  return { name, value: rounded(value), unit, target: `<= ${limit}`, met: value <= limit };
}

/** A figure that has to be so high at least. */
export function atLeast(name: string, value: number, unit: string, limit: number): Result {
  return { name, value: rounded(value), unit, target: `>= ${limit}`, met: value >= limit };
}

/** The middle of several runs: on a noisy machine the mean tells of the noise. @throws where there are none */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The least value that a share of all does not exceed (nearest rank). @throws where there are none */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Four significant digits: the rest is noise. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}
