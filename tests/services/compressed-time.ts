import { execFileSync } from 'node:child_process';
import type { Elsewhere } from './tongtang.ts';

/**
 * Where all clocks go so many times as fast, and all waiting ends so much sooner (libfaketime). What is started here
 * has one clock, whenever it is started: it begins with the first of them. The command `faketime` itself would stand
 * between us and the process, so it is only asked for its library.
 * @param from what the clock shows when it begins, Unix milliseconds; the time of then where absent
 */
export function compressedTime(factor: number, from?: number): Elsewhere {
  const asked = ['-f', '+0', '/bin/sh', '-c', 'printf %s "$LD_PRELOAD"'];
  const library = execFileSync('faketime', asked, { encoding: 'utf8' });
  let begunMs: number | undefined;
  return (words) => {
    const nowMs = Date.now();
    begunMs ??= nowMs;
    const shownMs = (from ?? begunMs) + (nowMs - begunMs) * factor;
    // Within a process the library lets the clock begin at its start: where it stands then is told as what is added.
    const ahead = ((shownMs - nowMs) / 1000).toFixed(3);
    return [
      'env',
      `LD_PRELOAD=${library}`,
      `FAKETIME=${shownMs < nowMs ? '' : '+'}${ahead} x${factor}`,
      ...words,
    ];
  };
}
