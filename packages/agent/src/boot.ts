import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TimeSources } from './clock.ts';

/** A new random id, as outbox and process boots carry it. */
export function randomId(): string {
  return randomBytes(8).toString('hex');
}

/** Before this program was written no wall clock was right. Milliseconds since 1970. */
const earliestMs = Date.UTC(2026, 0, 1);

/**
 * Names this boot of the operating system, the same in every process until it is started again. Where the system has
 * no such id it is the time of the start by the wall clock, in steps of ten seconds: set the clock, and samples of the
 * process before are placed by the wall clock instead. A clock that lost its battery begins each boot alike, and can
 * name none: then each process has a name of its own.
 * @param file another one in tests
 */
export function systemBoot(
  { wallMs, bootMs }: Pick<TimeSources, 'wallMs' | 'bootMs'>,
  file = '/proc/sys/kernel/random/boot_id',
): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const startedMs = wallMs() - bootMs();
    return startedMs < earliestMs ? `start-${randomId()}` : `start-${Math.round(startedMs / 10_000)}`;
  }
}
