import { agent } from './agent.ts';
import type { Benchmark } from './benchmark.ts';
import { commitLatency } from './commit-latency.ts';
import { console } from './console.ts';
import { incidentLatency } from './incident-latency.ts';
import { incidents } from './incidents.ts';
import { incidentsInCounty } from './incidents-in-county.ts';
import { ingest } from './ingest.ts';
import { minutes } from './minutes.ts';
import { report } from './report.ts';
import { reportCounty } from './report-county.ts';
import { restart } from './restart.ts';
import { streamCost } from './streams.ts';
import { wireBytes } from './wire-bytes.ts';

/** In the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  ingest,
  commitLatency,
  restart,
  agent,
  wireBytes,
  streamCost,
  incidents,
  incidentLatency,
  incidentsInCounty,
  minutes,
  report,
  reportCounty,
  console,
];
