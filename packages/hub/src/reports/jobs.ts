import { randomBytes } from 'node:crypto';
import type { Text } from '@tongtang/model/text';
import { messageOf } from '@tongtang/runtime/errors';
import { ReportRefusal } from './refusal.ts';
import type { Progress } from './report-from-files.ts';

/** What came of making a report. `unchanged`: nothing that a reader sees differs from that revision. */
export type Outcome = Readonly<{
  report: string;
  revision: number;
  outcome: 'issued' | 'awaiting' | 'unchanged';
}>;

/** A report that somebody asked for. Times are seconds since 1970. */
export type Job = Readonly<{
  id: string;
  county: string;
  title: Text;
  askedBy: string;
  askedAt: number;
  state: 'waiting' | 'working' | 'done' | 'failed' | 'cancelled';
  progress?: Progress;
  error?: string;
}> &
  Partial<Outcome>;

/** Makes one report at a time. */
export type Jobs = Readonly<{
  /** @throws ReportRefusal where too many wait */
  ask: (
    about: Pick<Job, 'county' | 'title' | 'askedBy'>,
    /** Ends as soon as it can where it is cancelled. */
    work: (told: (progress: Progress) => void, cancelled: AbortSignal) => Promise<Outcome>,
  ) => Job;
  /** @throws ReportRefusal where there is none, or it has ended */
  cancel: (id: string) => void;
  /** Work that nobody asked for, when its turn comes. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  find: (id: string) => Job | undefined;
  /** The newest first. */
  list: (county?: string) => Job[];
}>;

const mostWaiting = 20;
/** Whoever asked has looked by then. Seconds. */
const rememberedS = 3600;

export function openJobs(nowS: () => number): Jobs {
  const jobs = new Map<string, Job & Readonly<{ endedAt?: number }>>();
  const cancels = new Map<string, AbortController>();
  let last: Promise<unknown> = Promise.resolve();

  const inTurn: Jobs['inTurn'] = (work) => {
    const answer = last.then(work);
    last = answer.catch(() => {});
    return answer;
  };
  const forget = (): void => {
    for (const { id, endedAt } of jobs.values())
      if (endedAt !== undefined && nowS() - endedAt > rememberedS) jobs.delete(id);
  };
  return {
    inTurn,
    ask(about, work) {
      forget();
      if ([...jobs.values()].filter(({ state }) => state === 'waiting').length >= mostWaiting)
        throw new ReportRefusal('wait', `${mostWaiting} reports wait to be made already`);
      const asked = {
        id: `j-${randomBytes(6).toString('hex')}`,
        ...about,
        askedAt: nowS(),
        state: 'waiting',
      } as const satisfies Job;
      jobs.set(asked.id, asked);
      const set = (more: Partial<Job>): void => {
        const ended = more.state === 'done' || more.state === 'failed' || more.state === 'cancelled';
        const before = jobs.get(asked.id) ?? asked;
        jobs.set(asked.id, { ...before, ...more, ...(ended && { endedAt: nowS() }) });
        if (ended) cancels.delete(asked.id);
      };
      const cancel = new AbortController();
      cancels.set(asked.id, cancel);
      // One that waits is done with at once, though its turn comes later.
      cancel.signal.addEventListener('abort', () => set({ state: 'cancelled' }), { once: true });
      inTurn(async () => {
        if (cancel.signal.aborted) return;
        set({ state: 'working' });
        set({ ...(await work((progress) => set({ progress }), cancel.signal)), state: 'done' });
      }).catch((error: unknown) => {
        if (!cancel.signal.aborted) set({ state: 'failed', error: messageOf(error) });
      });
      return asked;
    },
    cancel(id) {
      forget();
      if (!jobs.has(id)) throw new ReportRefusal('not_found', `job: no job "${id}"`);
      const cancel = cancels.get(id);
      if (cancel === undefined)
        throw new ReportRefusal('conflict', 'the report has been made, or has failed');
      cancel.abort();
    },
    find(id) {
      forget();
      return jobs.get(id);
    },
    list(county) {
      forget();
      return [...jobs.values()].filter((job) => county === undefined || job.county === county).reverse();
    },
  };
}
