import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/services/longest-first.ts';

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
    // More than cores: the long ones wait most of the time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
}));
