import { Worker } from 'node:worker_threads';
import type { TimetableImport } from '@tongtang/lessons/import/import';
import { messageOf } from '@tongtang/runtime/errors';
import type { ThreadAnswer, ThreadData } from './timetable-import-thread.ts';

/** Sheets at their limits take some seconds; beyond that a file is made to hold us up. */
const longestMs = 60_000;
/** Sheets at their limits, unpacked and parsed. */
const memoryMb = 1024;

/**
 * Reads timetable files in a thread of its own, one import at a time: sheets at their limits take seconds, in which no
 * batch would be stored.
 * @returns how to read; it rejects where the files take more time or memory than any timetable does
 */
export function openTimetableImport(): (data: ThreadData) => Promise<TimetableImport> {
  let last: Promise<unknown> = Promise.resolve();
  return (data) => {
    const answer = last.then(() => readInThread(data));
    last = answer.catch(() => {});
    return answer;
  };
}

function readInThread(workerData: ThreadData): Promise<TimetableImport> {
  const thread = new Worker(new URL('./timetable-import-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  return new Promise<TimetableImport>((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('reading took more than a minute')), longestMs);
    thread.once('message', (answer: ThreadAnswer) => resolve(answer));
    thread.once('error', (error) => reject(new Error(messageOf(error))));
    // After an answer this says nothing any more.
    thread.once('exit', () => {
      clearTimeout(giveUp);
      reject(new Error('reading ended without an answer'));
    });
  }).finally(() => thread.terminate());
}
