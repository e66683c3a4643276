import { createLog } from '@tongtang/runtime/log';
import type { ProbeContext } from './probe.ts';

/** A context for tests of probes: real clock, quiet log, and a budget after which the run must end. */
export function testContext(budgetMs = 5000): ProbeContext {
  return {
    signal: AbortSignal.timeout(budgetMs),
    log: createLog('error'),
    monotonicMs: () => performance.now(),
  };
}
