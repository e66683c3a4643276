import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startMaintenance } from './maintenance.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('maintenance of the store', () => {
  it('is done each minute, and rests while the clock is in doubt', async () => {
    const done: number[] = [];
    const maintain = async (nowS: number): Promise<void> => void done.push(nowS);
    let believed = true;
    const stop = startMaintenance(
      { maintain },
      createLog('error'),
      () => 7,
      () => believed,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done).toEqual([7]);
    believed = false;
    await vi.advanceTimersByTimeAsync(180_000);
    expect(done).toEqual([7]);
    believed = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done).toEqual([7, 7]);
    await stop();
  });
});
