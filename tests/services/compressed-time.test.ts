import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { compressedTime } from './compressed-time.ts';

it('whatever is started in it has the same clock, which goes so many times as fast', () => {
  const from = Date.parse('2026-11-30T10:00:00+08:00');
  const elsewhere = compressedTime(1000, from);
  const shown = (): number => {
    const [program = '', ...rest] = elsewhere([process.execPath, '-p', 'Date.now()']);
    return Number(spawnSync(program, rest, { encoding: 'utf8' }).stdout);
  };
  const startMs = Date.now();
  const [first, second] = [shown(), shown()];
  const passedMs = Date.now() - startMs;
  expect(first).toBeGreaterThan(from);
  // A process takes some milliseconds to start: one whose clock began anew would show less than the one before it.
  expect(second).toBeGreaterThan(first);
  expect(second - from).toBeLessThan(passedMs * 1000);
});
