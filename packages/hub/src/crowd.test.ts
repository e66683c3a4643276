import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Crowd } from './crowd.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Agents that come one after the other, so many a second. @returns whether there was a crowd after each */
function come(crowd: Crowd, agents: readonly string[], perSecond: number): boolean[] {
  return agents.map((agent) => {
    crowd.came(agent);
    const isThere = crowd.isThere;
    vi.advanceTimersByTime(1000 / perSecond);
    return isThere;
  });
}

const agents = (count: number): string[] => Array.from({ length: count }, (_, at) => `a${at}`);
const overAndOver = (count: number, rounds: number): string[] =>
  Array.from({ length: rounds }, () => agents(count)).flat();

describe('a crowd', () => {
  it('is a county that comes back, from its tenth agent until a second after the last ones', () => {
    const crowd = new Crowd();
    const seen = come(crowd, agents(5000), 50);
    expect(seen.indexOf(true)).toBe(9);
    expect(seen.slice(9)).not.toContain(false);
    expect(crowd.isThere).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(crowd.isThere).toBe(false);
  });

  it('is there before its first agent where it is awaited, for five seconds', () => {
    const crowd = new Crowd();
    crowd.await();
    expect(crowd.isThere).toBe(true);
    vi.advanceTimersByTime(4999);
    expect(crowd.isThere).toBe(true);
    vi.advanceTimersByTime(1);
    expect(crowd.isThere).toBe(false);
  });

  it('is never one agent, nor a handful, however often they come', () => {
    expect(come(new Crowd(), overAndOver(1, 5000), 50)).not.toContain(true);
    expect(come(new Crowd(), overAndOver(9, 500), 500)).not.toContain(true);
  });

  it('is not many agents that come one by one', () => {
    expect(come(new Crowd(), agents(5000), 8)).not.toContain(true);
  });

  it('is seen beside one that comes all the time', () => {
    const crowd = new Crowd();
    for (const agent of agents(100)) come(crowd, ['flapping', agent, 'flapping'], 300);
    expect(crowd.isThere).toBe(true);
  });
});
