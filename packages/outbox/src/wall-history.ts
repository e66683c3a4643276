import { lastMoment } from './chunk.ts';
import type { ChunkTable } from './chunk-table.ts';
import { type Clocks, type Moment, startOf, type TimeReference, type WallClock } from './time.ts';

/** How the wall clock stands is written down when it changed by so much, or as often. Milliseconds. */
const changeMs = 1000;
const everyMs = 3_600_000;

type Comparison = WallClock['compared'];

/** What the outbox file remembers of the wall clock, for samples of boots in which hub time was never known. */
export class WallHistory {
  readonly #table: ChunkTable;
  /** When this boot began, by the wall clock as its first process saw it. */
  readonly #beganMs: number | undefined;
  #compared: Comparison | undefined;
  #inFile: Comparison | undefined;
  /** The last moment of each earlier boot whose samples wait for hub time. */
  readonly #lastMoments = new Map<string, Moment>();

  /** @param opened where the clocks stood when this process looked first */
  constructor(table: ChunkTable, boot: string, opened: Clocks | undefined) {
    this.#table = table;
    this.#beganMs = began(boot, table.state('began')) ?? (opened && startOf(opened));
    this.#inFile = readComparison(table.state('compared'));
    this.#compared = this.#inFile;
  }

  /** Inside the transaction that begins a boot: for its processes after this one. */
  begin(boot: string): void {
    if (this.#beganMs !== undefined) this.#table.setState('began', `${boot} ${this.#beganMs}`);
  }

  /** Hub time is known, and no sample waits for it. */
  compare({ hubMs, hubMinusWallMs }: TimeReference): void {
    this.#compared = { hubMs, hubMinusWallMs };
  }

  /** @param lines of a chunk of that boot without hub time; the newest one comes first */
  during(boot: string, lines: readonly string[]): WallClock | undefined {
    const last = this.#lastMoments.get(boot) ?? lastMoment(lines, boot);
    this.#lastMoments.set(boot, last);
    const beganMs = this.#beganMs;
    return this.#compared && { compared: this.#compared, last, ...(beganMs !== undefined && { beganMs }) };
  }

  /**
   * Inside a transaction.
   * @returns what is in the file then, for {@link wrote}
   */
  write(): Comparison | undefined {
    const [now, before] = [this.#compared, this.#inFile];
    if (now === undefined) return before;
    if (before !== undefined) {
      const changed = Math.abs(now.hubMinusWallMs - before.hubMinusWallMs) >= changeMs;
      if (!changed && Math.abs(now.hubMs - before.hubMs) < everyMs) return before;
    }
    this.#table.setState('compared', `${now.hubMs} ${now.hubMinusWallMs}`);
    return now;
  }

  /** After the transaction. */
  wrote(inFile: Comparison | undefined): void {
    this.#inFile = inFile;
  }
}

function began(boot: string, text = ''): number | undefined {
  const [ofBoot, beganMs = Number.NaN] = text.split(' ');
  return ofBoot === boot && Number.isFinite(Number(beganMs)) ? Number(beganMs) : undefined;
}

function readComparison(text = ''): Comparison | undefined {
  const [hubMs = Number.NaN, hubMinusWallMs = Number.NaN] = text.split(' ').map(Number);
  return Number.isFinite(hubMs) && Number.isFinite(hubMinusWallMs) ? { hubMs, hubMinusWallMs } : undefined;
}
