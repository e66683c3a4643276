import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Compares with the truth to a millisecond: goes before all else, beside others that wait. */
const exact = /\/stamp\/accuracy\.test\.ts$/;
/** Where real processes die, links are cut and real minutes pass: files that take one to seven minutes, most of it waiting. */
const waiting = /\/tests\/(faults|e2e|throughput|packaging|wire)\//;
/** So many of them begin at once. */
const atOnce = 4;

/**
 * What waits is spread among what computes: by itself it would leave the machine half idle, and at the end alone, with nothing to fill the
 * time. All of it has begun when half of the rest has. In both the order is Vitest's: what took longest the last time, on a new
 * checkout the largest file, goes first.
 */
export class SpreadWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const parts = Map.groupBy(sorted, ({ moduleId }) =>
      exact.test(moduleId) ? 'exact' : waiting.test(moduleId) ? 'waiting' : 'computing',
    );
    const { exact: before = [], waiting: late = [], computing = [] } = Object.fromEntries(parts);
    const order = [...before, ...late.splice(0, atOnce)];
    const between = Math.ceil(computing.length / 2 / Math.max(1, late.length));
    for (const file of late) order.push(file, ...computing.splice(0, between));
    return [...order, ...computing];
  }
}
