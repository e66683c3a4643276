import { Worker } from 'node:worker_threads';
import type { TimetableImport } from '@tongtang/lessons/import/import';
import type { VisitImport } from '@tongtang/lessons/visits/import';
import { messageOf } from '@tongtang/runtime/errors';
import type { TimetableFiles, VisitFiles } from './table-import-thread.ts';

/** Sheets at their limits take some seconds; beyond that a file is made to hold us up. */
const longestMs = 60_000;
/** Sheets at their limits, unpacked and parsed. */
const memoryMb = 1024;

/** Reads what people hand in as tables. Each rejects where the files take more time or memory than any honest table does. */
export interface TableImport {
  timetable(files: Omit<TimetableFiles, 'of'>): Promise<TimetableImport>;
  visits(files: Omit<VisitFiles, 'of'>): Promise<VisitImport>;
}

/**
 * Reads files in a thread of its own, one import at a time: sheets at their limits take seconds, in which no batch would
 * be stored.
 */
export function openTableImport(): TableImport {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<Answer>(data: TimetableFiles | VisitFiles): Promise<Answer> {
    const answer = last.then(() => readInThread<Answer>(data));
    last = answer.catch(() => {});
    return answer;
  }
  return {
    timetable: (files) => inTurn<TimetableImport>({ ...files, of: 'timetable' }),
    visits: (files) => inTurn<VisitImport>({ ...files, of: 'visits' }),
  };
}

function readInThread<Answer>(workerData: TimetableFiles | VisitFiles): Promise<Answer> {
  const thread = new Worker(new URL('./table-import-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  return new Promise<Answer>((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('reading took more than a minute')), longestMs);
    thread.once('message', (answer: Answer) => resolve(answer));
    thread.once('error', (error) => reject(new Error(messageOf(error))));
    // After an answer this says nothing any more.
    thread.once('exit', () => {
      clearTimeout(giveUp);
      reject(new Error('reading ended without an answer'));
    });
  }).finally(() => thread.terminate());
}
