import { Worker } from 'node:worker_threads';
import { messageOf } from '@tongtang/runtime/errors';
import type { Changes } from './documents.ts';
import type { Progress } from './report-from-files.ts';
import type { Made, Order, Task, ThreadMessage } from './report-maker-thread.ts';

/** Makes and compares reports, each in a thread of its own: it takes seconds to minutes, in which no batch would be stored. */
export type ReportMaker = Readonly<{
  /**
   * @returns the report, or the version of its inputs where it is the known one
   * @param cancelled nobody wants it any more
   * @throws where it takes more time or memory than any report does, or a file cannot be read
   */
  make: (
    order: Order,
    told: (progress: Progress) => void,
    cancelled?: AbortSignal,
  ) => Promise<Made | Readonly<{ known: string }>>;
  /** @param before packed tables, as they are kept */
  compare: (before: Uint8Array, after: Uint8Array) => Promise<Changes>;
  /** Ends what is being made. */
  stop: () => Promise<void>;
}>;

/** Thousands of schools take ten minutes. */
const longestMs = 60 * 60_000;
const memoryMb = { old: 1024, young: 32 } as const;

export function openReportMaker(dataFolder: string): ReportMaker {
  const threads = new Set<Worker>();
  let stopped = false;

  function run<Answer>(
    workerData: Task,
    answerIn: (message: ThreadMessage) => Answer | undefined,
    cancelled?: AbortSignal,
  ): Promise<Answer> {
    if (cancelled?.aborted) return Promise.reject(new Error('it was cancelled'));
    if (stopped) return Promise.reject(new Error('the hub is stopping'));
    const thread = new Worker(new URL('./report-maker-thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb.old, maxYoungGenerationSizeMb: memoryMb.young },
    });
    threads.add(thread);
    return new Promise<Answer>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error('it took more than an hour')), longestMs).unref();
      thread.on('message', (message: ThreadMessage) => {
        const answer = answerIn(message);
        if (answer !== undefined) resolve(answer);
      });
      cancelled?.addEventListener('abort', () => reject(new Error('it was cancelled')), { once: true });
      thread.once('error', (error) => reject(new Error(messageOf(error))));
      // After an answer this says nothing any more.
      thread.once('exit', () => {
        clearTimeout(giveUp);
        reject(new Error('it ended without an answer'));
      });
    }).finally(async () => {
      threads.delete(thread);
      await thread.terminate();
    });
  }

  return {
    make: (order, told, cancelled) =>
      run(
        { kind: 'make', dataFolder, order },
        (message) => {
          if (message.kind === 'progress') told(message.progress);
          if (message.kind === 'known') return { known: message.inputs };
          return message.kind === 'made' ? message.made : undefined;
        },
        cancelled,
      ),
    compare: (before, after) =>
      run({ kind: 'compare', before, after }, (message) =>
        message.kind === 'compared' ? message.changes : undefined,
      ),
    async stop() {
      stopped = true;
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}
