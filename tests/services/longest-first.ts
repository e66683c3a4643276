import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Where real processes die, links are cut and real minutes pass: files that take one to six minutes, most of it waiting. Beside them
 * the machine is half idle, which the one that compares with the truth to a millisecond needs.
 */
const first = /\/tests\/(faults|e2e|throughput|packaging|wire)\/|\/stamp\/accuracy\.test\.ts$/;

/**
 * What takes minutes begins first. Begun last it would run alone at the end, with nothing left to fill the time that it waits; and a
 * new checkout has no durations of the last run to go by.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification): boolean => first.test(moduleId);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}
