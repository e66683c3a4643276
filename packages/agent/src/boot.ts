import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A new random id, as outbox and process boots carry it. */
export function randomId(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Names this boot of the operating system, the same in every process until it is started again. Where the system has no such id, as on
 * Windows, each process has a name of its own: it then begins an outbox, and places the samples of the process before by the wall clock. When
 * the machine was started, by its clocks, would be no name: without a battery they begin each boot alike, whatever the date, and the fast start
 * of Windows counts on over a disk that was put back. Two boots of one name would give numbers twice, and take each other's times for their own.
 * @param file another one in tests
 */
export function systemBoot(file = '/proc/sys/kernel/random/boot_id'): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return `process-${randomId()}`;
  }
}
