import { setTimeout as wait } from 'node:timers/promises';

/** Has a step run at the end. What was started last ends first. */
export type AtEnd = (step: () => unknown) => void;

/** Longer than any service takes to start or to fail. */
const patienceMs = 30_000;

/** Steps of the works that are going on, the innermost last. */
const open: (() => unknown)[][] = [];
let interrupted = false;

/**
 * Runs work, and in any case what it wanted done at its end: processes stopped, folders removed. Works may be nested.
 * When the run is interrupted, all that is done at once, and the process exits.
 */
export async function tidily<T>(work: (atEnd: AtEnd) => Promise<T>): Promise<T> {
  const steps: (() => unknown)[] = [];
  open.push(steps);
  if (open.length === 1) process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work((step) => {
      steps.push(step);
    });
  } finally {
    await run(steps);
    open.splice(open.indexOf(steps), 1);
    if (open.length === 0) {
      // What the interruption made fail is not worth a message: the process exits in a moment.
      if (interrupted) await new Promise(() => {});
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    }
  }
}

async function interrupt(): Promise<void> {
  if (interrupted) process.exit(130);
  interrupted = true;
  const end = performance.now() + patienceMs;
  // The work that loses its processes fails and ends; what it was just starting comes to its steps first.
  while (open.length > 0 && performance.now() < end) {
    for (const steps of open.toReversed()) await run(steps);
    await wait(100);
  }
  process.exit(130);
}

async function run(steps: (() => unknown)[]): Promise<void> {
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    try {
      await step();
    } catch (error) {
      process.stderr.write(`at the end: ${String(error)}\n`);
    }
  }
}
