import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'agents/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['tests/services/components.ts'],
    // Real services start in tests, on machines with two busy cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
