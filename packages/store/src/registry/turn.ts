import { setTimeout as wait } from 'node:timers/promises';
import { isBusy } from '@tongtang/runtime/database';
import type { RegistryFile } from './registry-file.ts';

/** A whole county is imported in less. Milliseconds. */
const patienceMs = 5000;
const lookEveryMs = 50;
/** What a write waits that was not waited for beside others: all that the hub does stands meanwhile. Milliseconds. */
const brieflyMs = 100;

/** The registry's file is written by one process at a time: by the hub, or by the command line beside it. */
export interface Turn {
  /**
   * From here on a write waits only a moment for another process, and then throws; else it waits five seconds, in which this process does
   * nothing else. Whoever can wait asks `writable` first.
   */
  waitBriefly(): void;
  /** Waits beside others until the registry can be written. @returns false where another process writes for longer than five seconds */
  writable(): Promise<boolean>;
}

export function openTurn(database: RegistryFile): Turn {
  function isFree(): boolean {
    const before = Number(database.prepare('PRAGMA busy_timeout').get()?.timeout);
    database.exec('PRAGMA busy_timeout = 0');
    try {
      database.exec('BEGIN IMMEDIATE; ROLLBACK');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${before}`);
    }
  }

  return {
    waitBriefly: () => database.waitAtMost(brieflyMs),
    async writable() {
      const endMs = performance.now() + patienceMs;
      while (!isFree()) {
        if (performance.now() >= endMs) return false;
        await wait(lookEveryMs);
      }
      return true;
    },
  };
}
