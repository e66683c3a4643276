import { defineConfig } from 'vitest/config';

/** `--mode soak` runs what takes half an hour, and nothing else. */
export default defineConfig(({ mode }) => ({
  test: {
    include:
      mode === 'soak'
        ? ['tests/soak/**/*.test.ts']
        : ['packages/**/*.test.ts', 'agents/**/*.test.ts', 'tests/!(soak)/**/*.test.ts'],
    globalSetup: ['tests/services/components.ts'],
    // Real services start in tests, on machines with two busy cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
}));
