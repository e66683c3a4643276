import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { validate } from '@tongtang/runtime/validation';
import type { Static, TSchema } from 'typebox';
import type { Backlog } from './backlog.ts';
import {
  Drained,
  Nothing,
  type Order,
  type Outbox,
  Outboxes,
  Outcome,
  Packed,
  SteadyResult,
  Tally,
} from './orders.ts';
import type { Broker, Enrolled } from './session.ts';
import type { Retry } from './virtual-agent.ts';

/** Longer than anything that is asked for takes. */
const answerMs = 180_000;

/**
 * A virtual county in a process of its own (main.ts), so that it does not share an event loop with whoever measures.
 * It ends with the process that started it. One order at a time.
 */
export class Simulator {
  readonly #child: ChildProcess;

  /** @param elsewhere makes of a command line another one that runs it, in the same process: by another clock, say */
  constructor(elsewhere: (words: readonly string[]) => readonly string[] = (words) => words) {
    const [program = '', ...rest] = elsewhere([process.execPath, resolve(import.meta.dirname, 'main.ts')]);
    this.#child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  /** @param retry how soon an agent that lost its connection tries again; as the protocol says where absent */
  async settle(enrolled: readonly Enrolled[], retry?: Retry): Promise<void> {
    await this.#ask({ order: 'settle', enrolled: [...enrolled], ...(retry && { retry }) }, Nothing);
  }

  /** @returns when the hub has answered every agent */
  async connect(broker: Broker): Promise<void> {
    await this.#ask({ order: 'connect', broker }, Nothing);
  }

  async disconnect(): Promise<void> {
    await this.#ask({ order: 'disconnect' }, Nothing);
  }

  /** See {@link VirtualCounty}, here and below. */
  pack(backlog: Backlog): Promise<Packed> {
    return this.#ask({ order: 'pack', backlog }, Packed);
  }

  drain(batches: number): Promise<Drained> {
    return this.#ask({ order: 'drain', batches }, Drained);
  }

  reportSteadily(perSecond: number, seconds: number): Promise<SteadyResult> {
    return this.#ask({ order: 'reportSteadily', perSecond, seconds }, SteadyResult);
  }

  async reportOnce(): Promise<void> {
    await this.#ask({ order: 'reportOnce' }, Nothing);
  }

  async beginLessons(): Promise<void> {
    await this.#ask({ order: 'beginLessons' }, Nothing);
  }

  async endLessons(): Promise<void> {
    await this.#ask({ order: 'endLessons' }, Nothing);
  }

  async stayAway(): Promise<void> {
    await this.#ask({ order: 'stayAway' }, Nothing);
  }

  async comeBack(): Promise<void> {
    await this.#ask({ order: 'comeBack' }, Nothing);
  }

  tally(): Promise<Tally> {
    return this.#ask({ order: 'tally' }, Tally);
  }

  async outboxes(): Promise<readonly Outbox[]> {
    return (await this.#ask({ order: 'outboxes' }, Outboxes)).outboxes;
  }

  /** Ends the process at once. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** @throws what the process says, that it ended, or that it does not answer */
  async #ask<Schema extends TSchema>(order: Order, schema: Schema): Promise<Static<Schema>> {
    const outcome = validate(Outcome, await this.#answerTo(order));
    if (!outcome.ok) throw new Error(`simulator: ${outcome.problems.join('; ')}`);
    if ('problem' in outcome.value) throw new Error(`simulator: ${order.order}: ${outcome.value.problem}`);
    const answer = validate(schema, outcome.value.answer);
    if (!answer.ok) throw new Error(`simulator: ${order.order}: ${answer.problems.join('; ')}`);
    return answer.value;
  }

  async #answerTo(order: Order): Promise<unknown> {
    const over = new AbortController();
    const { signal } = over;
    const giveUp = (reason: string) => (): never => {
      throw new Error(`simulator: ${order.order}: ${reason}`);
    };
    if (!this.#child.connected) giveUp('its process ended')();
    const answered = once(this.#child, 'message', { signal });
    const ended = once(this.#child, 'exit', { signal }).then(giveUp('its process ended'));
    const late = wait(answerMs, undefined, { signal }).then(giveUp('no answer in time'));
    this.#child.send(order);
    try {
      const [message] = await Promise.race([answered, ended, late]);
      return message;
    } finally {
      over.abort();
    }
  }
}
