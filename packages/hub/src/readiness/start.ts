import { LessonChecks, type LessonChecksParts } from './lesson-checks.ts';

/** How soon a check that is due is made. */
const everyMs = 10_000;

/** Checks lessons as their time comes. @returns how to stop; resolves when nothing is under way any more */
export function startLessonChecks(parts: LessonChecksParts): () => Promise<void> {
  const checks = new LessonChecks(parts);
  let stopped = false;
  let timer = setTimeout(look, everyMs);
  let running = Promise.resolve();

  function look(): void {
    running = checks.look().finally(() => {
      if (!stopped) timer = setTimeout(look, everyMs);
    });
  }

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
