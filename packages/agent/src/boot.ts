import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TimeSources } from './clock.ts';

/** A new random id, as outbox and process boots carry it. */
export function randomId(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Names this boot of the operating system, the same in every process until it is started again. Where the system has
 * no such id it is the time of the start by the wall clock, in steps of ten seconds: set the clock, and samples of the
 * process before are placed by the wall clock instead.
 */
export function systemBoot({ wallMs, bootMs }: TimeSources): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `start-${Math.round((wallMs() - bootMs()) / 10_000)}`;
  }
}
