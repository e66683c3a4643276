import type { Reporter, TestModule } from 'vitest/node';

/** Where each sample is counted: that a second try loses none does not bring back what the first one lost. */
const unforgiving = /^tests\/(faults|e2e)\//;

/**
 * Names the tests that passed at their second try only. Real processes on a busy machine miss a moment now and then, and a run of a
 * quarter of an hour should not be lost for it; but what needs a second try often has a fault, and must not go unseen. Where samples are
 * counted the run fails all the same.
 */
export class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const again = tests.filter((test) => test.diagnostic()?.flaky === true);
    if (again.length === 0) return;
    process.stdout.write('\nPassed at the second try only:\n');
    for (const test of again) {
      const forgiven = !unforgiving.test(test.module.relativeModuleId);
      if (!forgiven) process.exitCode = 1;
      process.stdout.write(
        `  ${test.module.relativeModuleId} > ${test.fullName}${forgiven ? '' : ': failed, nothing may be lost there'}\n`,
      );
      for (const { message } of test.result().errors ?? []) process.stdout.write(`    ${message}\n`);
    }
  }
}
