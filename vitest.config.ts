import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { SecondTries } from './tests/services/second-tries.ts';
import { SpreadWaiting } from './tests/services/spread-waiting.ts';

const joined = new URL('node_modules/.cache/typebox/', import.meta.url);

/** Typebox in a few files (infra/setup/join-typebox.mjs), where the installation has made them. */
function joinedTypebox() {
  return existsSync(joined)
    ? [
        { find: /^typebox$/, replacement: fileURLToPath(new URL('index.mjs', joined)) },
        { find: /^typebox\/(.+)$/, replacement: `${fileURLToPath(joined)}$1.mjs` },
      ]
    : [];
}

const ofPackages = ['packages/**/*.test.ts', 'agents/**/*.test.ts', 'dashboards/**/*.test.ts'];
/** What looks at the memory or the clock of its process needs one of its own: one that is minutes old holds much and has drifted. */
const looksAtItsProcess = globSync(ofPackages, { exclude: ['**/node_modules'] }).filter((file) =>
  /memoryUsage|timeOrigin|steadyUnixMs/.test(readFileSync(file, 'utf8')),
);
/** The others load much and leave nothing behind: one process for many takes a quarter less of the machine than one for each. */
const packages = { name: 'packages', include: ofPackages, exclude: looksAtItsProcess, isolate: false };
const system = { name: 'system', include: ['tests/!(soak)/**/*.test.ts', ...looksAtItsProcess] };
const soak = { name: 'soak', include: ['tests/soak/**/*.test.ts'] };

/** `--mode soak` runs what takes half an hour, and nothing else. */
export default defineConfig(({ mode }) => ({
  // As in the commands of Tongtang: each test file loads it anew.
  resolve: { alias: joinedTypebox() },
  test: {
    projects: (mode === 'soak' ? [soak] : [packages, system]).map((test) => ({ extends: true, test })),
    globalSetup: ['tests/services/temporary-folder.ts', 'tests/services/components.ts'],
    // Real services and many commands start in tests, on machines with two busy cores, some half as fast as others.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Of two cores, the smallest machine: two or three of them wait for real minutes most of the time (SpreadWaiting), the others compute.
    maxWorkers: 5,
    sequence: { sequencer: SpreadWaiting },
    // At one's desk a test that needs luck should be seen to; what runs unattended names it at the end.
    // A property that found a counterexample is never tried again: another seed might miss it. Where samples are counted a second
    // try shows whether it happens again, and the run has failed (SecondTries).
    retry: process.env.CI === undefined ? 0 : { count: 1, condition: /^(?!Property failed)/ },
    reporters: ['default', new SecondTries()],
  },
}));
