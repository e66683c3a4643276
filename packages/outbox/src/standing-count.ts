import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

const digits = 16;

/**
 * A count that a full disk still takes: its file has its place from the beginning, and is overwritten where it stands. A power cut may
 * take the last change.
 */
export class StandingCount {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns 0 where there is none, or it cannot be read: it only ever adds to what is known otherwise */
  read(): number {
    try {
      const text = readFileSync(this.#path, 'latin1');
      return text.length === digits && /^\d+$/.test(text) ? Number(text) : 0;
    } catch {
      return 0;
    }
  }

  /** @throws where the disk refuses even that, or the file has no place yet and there is none left */
  set(value: number): void {
    const file = openSync(this.#path, constants.O_WRONLY | constants.O_CREAT, 0o600);
    try {
      writeSync(file, String(value).padStart(digits, '0'), 0);
    } finally {
      closeSync(file);
    }
  }
}
