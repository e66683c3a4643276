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
/** Where there are not so many, a clock that went on steadily for so long is believed: people could see the error. */
const patienceS = 7 * dayS;
/** So much of it is always left after the hub was off for long, when nobody can tell the pause from another jump. */
const leftS = 3600;
/** A sample that is older tells of the clock as it was. */
const freshS = 300;
const lookEveryMs = 60_000;

const Note = Type.Object({
  /** The last time that was believed. */
  believedS: Type.Number(),
  /** While in doubt: when it was looked at last, by the clock that is doubted, and for how long that had gone on steadily. */
  doubt: Type.Optional(Type.Object({ wallS: Type.Number(), steadyS: Type.Number() })),
});
type Note = Static<typeof Note>;

type Clocks = Readonly<{ wallS: () => number; monotonicS: () => number }>;

/** Both clocks at one moment. */
type Moment = Readonly<{ wallS: number; monotonicS: number }>;

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
  #believed: Moment;
  /** While in doubt, how it stood when it was looked at last. */
  #doubt: (Moment & Readonly<{ steadyS: number }>) | undefined;
  /** Wall clock less monotonic clock when the votes began: it changes when the clock is set. */
  #votesAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, log: Log, clocks: Clocks = machine) {
    this.#path = path;
    this.#log = log;
    this.#clocks = clocks;
    const note = readNote(path);
    const { wallS, monotonicS } = this.#now();
    this.#believed = { wallS: note?.believedS ?? wallS, monotonicS };
    if (note?.doubt !== undefined)
      this.#doubt = { wallS, monotonicS, steadyS: steadyAfterPause(note.doubt, wallS) };
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
    const now = this.#now();
    if (this.#isBelieved(now)) {
      if (this.#doubt !== undefined) this.#log.info('the clock is believed again');
      this.#believed = now;
      this.#doubt = undefined;
      this.#votes.clear();
    } else {
      if (this.#doubt === undefined) this.#tellDoubt(now.wallS);
      this.#doubt = { ...now, steadyS: this.#steadyS(now) };
    }
    this.#write();
  }

  /** Whether the time is where it must be by the last that was believed, or others say so, or long patience. */
  isBelieved(): boolean {
    return this.#isBelieved(this.#now());
  }

  #now(): Moment {
    return { wallS: this.#clocks.wallS(), monotonicS: this.#clocks.monotonicS() };
  }

  #isBelieved(now: Moment): boolean {
    if (Math.abs(wentAhead(this.#believed, now)) <= jumpS) return true;
    const votes = this.#votesNow(now.wallS - now.monotonicS);
    const agreeing = [...votes.values()].filter((agrees) => agrees).length;
    if (agreeing >= witnesses && agreeing * 2 > votes.size) return true;
    return this.#steadyS(now) >= patienceS;
  }

  /** For how long the doubted clock goes on without a jump; one that is set again is another error to see. */
  #steadyS(now: Moment): number {
    const doubt = this.#doubt;
    if (doubt === undefined || Math.abs(wentAhead(doubt, now)) > jumpS) return 0;
    return doubt.steadyS + now.monotonicS - doubt.monotonicS;
  }

  #tellDoubt(wallS: number): void {
    const [now, before] = [wallS, this.#believed.wallS].map((seconds) =>
      new Date(seconds * 1000).toISOString(),
    );
    this.#log.error(
      { now, before },
      `the clock has moved by more than three days: set it right, or wait until ${witnesses} agents agree with it; until then ` +
        'no data are removed, and agents keep what is too old or in the future by it',
    );
  }

  /** In doubt, agents are witnesses: each says how far the hub's clock is ahead of its own machine's. */
  hear(agent: string, samples: readonly LatestValue[]): void {
    if (this.#doubt === undefined) return;
    const { wallS, monotonicS } = this.#now();
    const votes = this.#votesNow(wallS - monotonicS);
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
    const doubt = this.#doubt;
    const note: Note = {
      believedS: this.#believed.wallS,
      ...(doubt !== undefined && { doubt: { wallS: doubt.wallS, steadyS: doubt.steadyS } }),
    };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(note));
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      this.#log.warn({ error: messageOf(error) }, 'the time could not be noted');
    }
  }
}

/** By how much the wall clock is ahead of where it must be by another moment of the same process. Seconds. */
function wentAhead(before: Moment, now: Moment): number {
  return now.wallS - before.wallS - (now.monotonicS - before.monotonicS);
}

/**
 * A pause as over a weekend counts. A longer one does not, and may have been a jump: then something of the patience is left. Not all of it, or
 * a hub that runs one day a week would doubt for ever.
 */
function steadyAfterPause({ wallS, steadyS }: NonNullable<Note['doubt']>, nowS: number): number {
  const pauseS = nowS - wallS;
  return Math.abs(pauseS) <= jumpS ? steadyS + Math.max(0, pauseS) : Math.min(steadyS, patienceS - leftS);
}

/** Undefined where there is none yet, or none that can be read. */
function readNote(path: string): Note | undefined {
  try {
    const checked = validate(Note, JSON.parse(readFileSync(path, 'utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
