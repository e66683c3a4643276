import { expect, it } from 'vitest';
import { followingClock, steadyUnixMs } from './clock.ts';

it('the steady clock agrees with the system that has not been stepped', () => {
  // Milliseconds, where the process had to wait between its two looks at the clocks when it started.
  expect(Math.abs(steadyUnixMs() - Date.now())).toBeLessThan(500);
});

it('the following clock has the resolution of the steady one and the steps of the system', () => {
  let steady = 1000.25;
  let system = 1000;
  const clock = followingClock(
    () => steady,
    () => system,
  );
  expect(clock()).toBe(1000.25);
  steady += 0.5;
  expect(clock()).toBe(1000.75);
  system += 86_400_000;
  expect(Math.abs(clock() - system)).toBeLessThanOrEqual(1);
  steady += 10.125;
  system += 10;
  expect(Math.abs(clock() - system)).toBeLessThanOrEqual(1.5);
});
