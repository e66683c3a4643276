import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Outcome, openJobs } from './jobs.ts';

const about = { county: 'qilian', title: { zh: '报告', en: 'report' }, askedBy: 'zhang' };
const outcome: Outcome = { report: 'r-1', revision: 1, outcome: 'issued' };

/** A report that is made when the test says so, or not at all. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const begun: AbortSignal[] = [];
  return {
    end: () => resolve(outcome),
    begun,
    run: (_: unknown, cancelled: AbortSignal) => {
      begun.push(cancelled);
      cancelled.addEventListener('abort', () => reject(new Error('it was cancelled')));
      return promise;
    },
  };
}

describe('reports that were asked for', () => {
  it('are made one after the other, and told of for an hour', async () => {
    let now = 0;
    const jobs = openJobs(() => now);
    const [first, second] = [work(), work()];
    const [one, other] = [jobs.ask(about, first.run), jobs.ask(about, second.run)];
    await nextTurn();
    expect([jobs.find(one.id)?.state, jobs.find(other.id)?.state]).toEqual(['working', 'waiting']);
    first.end();
    await nextTurn();
    expect(jobs.find(one.id)).toMatchObject({ state: 'done', ...outcome });
    expect(jobs.find(other.id)?.state).toBe('working');
    now = 3601;
    expect(jobs.find(one.id)).toBeUndefined();
  });

  it('end when they are cancelled, and the next one begins', async () => {
    const jobs = openJobs(() => 0);
    const [first, second] = [work(), work()];
    const [one, other] = [jobs.ask(about, first.run), jobs.ask(about, second.run)];
    await nextTurn();
    jobs.cancel(one.id);
    expect(jobs.find(one.id)?.state).toBe('cancelled');
    await nextTurn();
    expect(jobs.find(one.id)?.state).toBe('cancelled');
    expect(jobs.find(other.id)?.state).toBe('working');
    expect(() => jobs.cancel(one.id)).toThrow('has been made');
  });

  it('never begin when they are cancelled while they wait', async () => {
    const jobs = openJobs(() => 0);
    const [first, second, third] = [work(), work(), work()];
    jobs.ask(about, first.run);
    const waiting = jobs.ask(about, second.run);
    const last = jobs.ask(about, third.run);
    jobs.cancel(waiting.id);
    expect(jobs.find(waiting.id)?.state).toBe('cancelled');
    first.end();
    await nextTurn();
    expect(second.begun).toEqual([]);
    expect(jobs.find(last.id)?.state).toBe('working');
  });

  it('cannot be cancelled where there is none', () => {
    expect(() => openJobs(() => 0).cancel('j-1')).toThrow('no job "j-1"');
  });
});
