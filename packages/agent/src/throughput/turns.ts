import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type Static, Type } from 'typebox';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

/** By target: not before this time, hub time in seconds. */
const Due = Type.Record(Type.String(), Type.Number());
type Due = Static<typeof Due>;

/** When lessons end, or a county is told to test, it does so over an hour. Seconds. */
const spreadS = 3600;
/** Nobody looked for so long: the machine slept or a lesson was on, as for everybody else. Seconds. */
const pausedS = 300;
/** A test is due again that much early, of a short interval a tenth: else the hour would make each later than the last. */
const earlyS = spreadS;
/** After a run that failed. Seconds. */
const againS = 3600;

type Turn = { quietSinceS: number; lookedS: number; retryS?: number };

export type TurnsOptions = Readonly<{
  dataFolder: string;
  /** The agent's id, which its place in the hour follows from. */
  agent: string;
  log: Log;
  /** Numbers from 0 to 1. */
  random?: () => number;
}>;

/**
 * When which target is to be tested. All agents of a county have their lessons, and so their quiet time, together; each
 * waits for its own part of the first hour of it. What was tested is kept on disk, since a restart is no reason to do so again.
 */
export class TestTurns {
  readonly #path: string;
  readonly #log: Log;
  readonly #random: () => number;
  /** From 0 to 1, the same for ever. */
  readonly #share: number;
  readonly #turns = new Map<string, Turn>();
  #due: Due = {};

  /** A damaged file is as good as none: one test more. */
  constructor({ dataFolder, agent, log, random = Math.random }: TurnsOptions) {
    this.#path = join(dataFolder, 'agent', 'throughput.json');
    this.#log = log;
    this.#random = random;
    this.#share = createHash('sha256').update(agent).digest().readUInt32BE() / 0x1_0000_0000;
    try {
      this.#due = readJsonFile(this.#path, Due) ?? {};
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'when throughput was tested is not known any more');
    }
  }

  /**
   * To be asked every minute or more often while no lesson is on or near.
   * @param everyS the interval of the target
   * @param quietUntilS when lessons are near again
   */
  isDue(key: string, everyS: number, nowS: number, quietUntilS: number): boolean {
    const turn = this.#turns.get(key) ?? { quietSinceS: nowS, lookedS: nowS };
    this.#turns.set(key, turn);
    if (nowS - turn.lookedS > pausedS) turn.quietSinceS = nowS;
    turn.lookedS = nowS;
    if (turn.retryS !== undefined) return nowS >= turn.retryS;
    const dueS = this.#due[key] ?? 0;
    // What lies further ahead than that was written with another interval, or by a wrong clock.
    const readyS = Math.max(turn.quietSinceS, dueS > nowS + everyS ? 0 : dueS);
    return nowS >= readyS + this.#share * Math.max(0, Math.min(spreadS, quietUntilS - readyS));
  }

  /** Before the test, so that one that ends the agent does not come again at its start. */
  began(key: string, everyS: number, nowS: number): void {
    delete this.#turns.get(key)?.retryS;
    this.#setDue(key, nowS + everyS - Math.min(earlyS, everyS / 10));
  }

  failed(key: string, nowS: number): void {
    this.#setDue(key, nowS + againS);
  }

  /** The target has no room. Those who heard the same do not come back together. */
  busy(key: string, nowS: number, retryAfterS: number): void {
    const turn = this.#turns.get(key);
    if (retryAfterS > spreadS) this.#setDue(key, nowS + retryAfterS);
    else {
      this.#setDue(key, nowS);
      if (turn !== undefined) turn.retryS = nowS + retryAfterS * (1 + this.#random());
    }
  }

  #setDue(key: string, dueS: number): void {
    this.#due = { ...this.#due, [key]: Math.round(dueS) };
    try {
      writeJsonFile(this.#path, this.#due, false);
    } catch (error) {
      this.#log.error({ error: messageOf(error) }, 'when throughput was tested cannot be saved');
    }
  }
}
