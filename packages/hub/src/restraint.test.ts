import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Restraint } from './restraint.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is done for agents, each with the second in which it was. */
function restrained() {
  const begin = performance.now();
  const done: [agent: string, second: number][] = [];
  const act = (agent: string): void => void done.push([agent, (performance.now() - begin) / 1000]);
  return { done, restraint: new Restraint({ inARow: 3, everyMs: 10_000 }, act) };
}

describe('what is done for an agent', () => {
  it('is done at once for one that asks now and then', () => {
    const { done, restraint } = restrained();
    for (let second = 0; second < 60; second += 10) {
      restraint.ask('a');
      vi.advanceTimersByTime(10_000);
    }
    expect(done.map(([, second]) => second)).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('is put off for one that asks without end, and comes in the end', () => {
    const { done, restraint } = restrained();
    for (let ask = 0; ask < 250; ask += 1) {
      restraint.ask('a');
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(60_000);
    expect(done.map(([, second]) => second)).toEqual([0, 0.1, 0.2, 10, 20, 30]);
  });

  it('is done as often as before after a rest', () => {
    const { done, restraint } = restrained();
    for (const round of [1, 2]) {
      for (let ask = 0; ask < 3; ask += 1) restraint.ask('a');
      expect(done).toHaveLength(3 * round);
      vi.advanceTimersByTime(30_000);
    }
  });

  it('does not wait for others that ask without end', () => {
    const { done, restraint } = restrained();
    for (let ask = 0; ask < 50; ask += 1) restraint.ask('a');
    restraint.ask('b');
    expect(done.at(-1)).toEqual(['b', 0]);
  });

  it('is done before the end, and not for an agent that is gone', () => {
    const { done, restraint } = restrained();
    for (const agent of ['gone', 'there']) for (let ask = 0; ask < 4; ask += 1) restraint.ask(agent);
    restraint.forget('gone');
    restraint.stop();
    restraint.ask('there');
    vi.advanceTimersByTime(60_000);
    expect(done.slice(6)).toEqual([
      ['there', 0],
      ['there', 0],
    ]);
  });
});
