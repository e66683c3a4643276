import type { Benchmark } from './benchmark.ts';
import { commitLatency } from './commit-latency.ts';
import { ingest } from './ingest.ts';
import { restart } from './restart.ts';

/** In the order in which they run. */
export const benchmarks: readonly Benchmark[] = [ingest, commitLatency, restart];
