import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Compares with the truth to a millisecond: goes before all else, beside others that wait. */
const exact = /\/stamp\/accuracy\.test\.ts$/;
/** Where real processes die, links are cut and real minutes pass: files that take one to seven minutes, most of it waiting. */
const waiting = /\/tests\/(faults|e2e|throughput|packaging|wire)\//;
/** Pages in a browser, the command line, FFmpeg: files that keep a core busy for up to two minutes. */
const whole = /\/tests\//;
/** So many that wait begin at once. */
const atOnce = 4;

/**
 * What waits is spread among what computes: by itself it would leave the machine half idle, and at the end alone, with nothing to fill the
 * time. All of it has begun when half of the files of packages have, which share processes where they follow on each other. In each kind the
 * order is Vitest's: what took longest the last time, on a new checkout the largest file, goes first.
 */
export class SpreadWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const kinds = Map.groupBy(await super.sort(files), ({ moduleId }) => kindOf(moduleId));
    const left = (kind: Kind): TestSpecification[] => kinds.get(kind) ?? [];
    const order = [...left('exact'), ...left('waiting').splice(0, atOnce)];
    const rounds = Math.max(1, Math.ceil(left('waiting').length / atOnce));
    const wholeAtOnce = Math.ceil(left('whole').length / rounds);
    const packagesAtOnce = Math.ceil(left('packages').length / 2 / rounds);
    for (let round = 0; round < rounds; round += 1)
      order.push(
        ...left('waiting').splice(0, atOnce),
        ...left('whole').splice(0, wholeAtOnce),
        ...left('packages').splice(0, packagesAtOnce),
      );
    return [...order, ...left('packages')];
  }
}

type Kind = 'exact' | 'waiting' | 'whole' | 'packages';

function kindOf(file: string): Kind {
  if (exact.test(file)) return 'exact';
  if (waiting.test(file)) return 'waiting';
  return whole.test(file) ? 'whole' : 'packages';
}
