import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';
import type { LatestValue } from './live/live.ts';

const dayS = 86_400;
/**
 * More than the machine was off over a weekend, and more than a date mistyped by a day and put right: then the clock is
 * believed only when others say the same. It costs no data: three days are a tenth of what raw samples are kept.
 */
const jumpS = 3 * dayS;
/** So near have an agent's own clock and the hub's to be to speak for each other. */
const agreeS = dayS;
/** So many agents whose own clocks agree are more than a mistake. */
const witnesses = 3;
/** Where there are not so many, a clock that goes on steadily is believed after a time in which people can see the error. */
const patienceS = 7 * dayS;
/** A sample that is older tells of the clock as it was. */
const freshS = 300;
const lookEveryMs = 60_000;

const Note = Type.Object({
  /** The last time that was believed. */
  believedS: Type.Number(),
  /** When the doubt began, by the clock that is doubted. */
  doubtedSinceS: Type.Optional(Type.Number()),
});

type Clocks = Readonly<{ wallS: () => number; monotonicS: () => number }>;

const machine: Clocks = { wallS: () => Date.now() / 1000, monotonicS: () => performance.now() / 1000 };

/**
 * Whether the machine's clock can be believed. What goes by time and cannot be taken back (retention, and to commit what
 * is too old or in the future) waits while it cannot. The last time that was believed is kept in a file.
 */
export class HubClock {
  readonly #path: string;
  readonly #log: Log;
  readonly #clocks: Clocks;
  /** Agents heard while in doubt: whether their machine's clock agrees with ours. */
  readonly #votes = new Map<string, boolean>();
  #believed: { wallS: number; monotonicS: number };
  #doubtedSinceS: number | undefined;
  /** Wall clock less monotonic clock when the votes began: it changes when the clock is set. */
  #votesAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, log: Log, clocks: Clocks = machine) {
    this.#path = path;
    this.#log = log;
    this.#clocks = clocks;
    const note = readNote(path);
    const monotonicS = clocks.monotonicS();
    this.#believed = { wallS: note?.believedS ?? clocks.wallS(), monotonicS };
    this.#doubtedSinceS = note?.doubtedSinceS;
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks at the clock, says in the log when it comes into doubt or out of it, and notes where it stands. */
  look(): void {
    const wallS = this.#clocks.wallS();
    const believed = this.isBelieved();
    if (believed && this.#doubtedSinceS !== undefined) this.#log.info('the clock is believed again');
    if (believed) {
      this.#believed = { wallS, monotonicS: this.#clocks.monotonicS() };
      this.#doubtedSinceS = undefined;
      this.#votes.clear();
    } else if (this.#doubtedSinceS === undefined) {
      this.#doubtedSinceS = wallS;
      const [now, before] = [wallS, this.#believed.wallS].map((seconds) =>
        new Date(seconds * 1000).toISOString(),
      );
      this.#log.error(
        { now, before },
        `the clock has moved by more than three days: set it right, or wait until ${witnesses} agents agree with it; until then ` +
          'no data are removed, and agents keep what is too old or in the future by it',
      );
    }
    this.#write();
  }

  /** Whether the time is where it must be by the last that was believed, or others say so, or long patience. */
  isBelieved(): boolean {
    const { wallS, monotonicS } = { wallS: this.#clocks.wallS(), monotonicS: this.#clocks.monotonicS() };
    const expectedS = this.#believed.wallS + monotonicS - this.#believed.monotonicS;
    if (Math.abs(wallS - expectedS) <= jumpS) return true;
    const votes = this.#votesNow(wallS - monotonicS);
    const agreeing = [...votes.values()].filter((agrees) => agrees).length;
    if (agreeing >= witnesses && agreeing * 2 > votes.size) return true;
    const sinceS = this.#doubtedSinceS;
    return sinceS !== undefined && wallS - sinceS >= patienceS && wallS - sinceS < patienceS + jumpS;
  }

  /** In doubt, agents are witnesses: each says how far the hub's clock is ahead of its own machine's. */
  hear(agent: string, samples: readonly LatestValue[]): void {
    if (this.#doubtedSinceS === undefined) return;
    const wallS = this.#clocks.wallS();
    const votes = this.#votesNow(wallS - this.#clocks.monotonicS());
    for (const { measurement, time, fields } of samples) {
      const { clock_offset_ms: offset } = fields;
      if (measurement !== 'agent' || typeof offset !== 'number' || Math.abs(time - wallS) > freshS) continue;
      votes.set(agent, Math.abs(offset / 1000) <= agreeS);
    }
  }

  /** Votes on a clock that was set meanwhile count no more. */
  #votesNow(setting: number): Map<string, boolean> {
    if (Math.abs(setting - this.#votesAt) > agreeS) this.#votes.clear();
    this.#votesAt = setting;
    return this.#votes;
  }

  #write(): void {
    const note: Static<typeof Note> = {
      believedS: this.#believed.wallS,
      ...(this.#doubtedSinceS !== undefined && { doubtedSinceS: this.#doubtedSinceS }),
    };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(note));
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      this.#log.warn({ error: messageOf(error) }, 'the time could not be noted');
    }
  }
}

/** Undefined where there is none yet, or none that can be read. */
function readNote(path: string): Static<typeof Note> | undefined {
  try {
    const checked = validate(Note, JSON.parse(readFileSync(path, 'utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
