import type { Reporter, TestModule } from 'vitest/node';

/**
 * Names the tests that passed at their second try only. Real processes on a busy machine miss a moment now and then, and a run of a
 * quarter of an hour should not be lost for it; but what needs a second try often has a fault, and must not go unseen.
 */
export class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const again = tests.filter((test) => test.diagnostic()?.flaky === true);
    if (again.length === 0) return;
    process.stdout.write('\nPassed at the second try only:\n');
    for (const test of again) {
      process.stdout.write(`  ${test.module.relativeModuleId} > ${test.fullName}\n`);
      for (const { message } of test.result().errors ?? []) process.stdout.write(`    ${message}\n`);
    }
  }
}
