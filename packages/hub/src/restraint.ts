/** Calls in a row after a rest, and how far apart they are in the long run, milliseconds. */
export type Pace = Readonly<{ inARow: number; everyMs: number }>;

/**
 * Does something for each agent as often as it asks, up to a pace. What it asks for beyond that is put off until there is room again, and then done
 * once for all that was asked meanwhile: late, never left out.
 */
export class Restraint {
  readonly #pace: Pace;
  readonly #act: (agent: string) => void;
  /** By agent, when it has as many calls in a row again as after a rest. */
  readonly #restedMs = new Map<string, number>();
  readonly #putOff = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  /** @param act does it, and does not throw */
  constructor(pace: Pace, act: (agent: string) => void) {
    this.#pace = pace;
    this.#act = act;
  }

  ask(agent: string): void {
    if (this.#putOff.has(agent)) return;
    const { inARow, everyMs } = this.#pace;
    const now = performance.now();
    const restedMs = Math.max(now, this.#restedMs.get(agent) ?? 0) + everyMs;
    this.#restedMs.set(agent, restedMs);
    const waitMs = restedMs - now - inARow * everyMs;
    if (waitMs <= 0 || this.#stopped) this.#act(agent);
    else
      this.#putOff.set(
        agent,
        setTimeout(() => this.#catchUp(agent), waitMs),
      );
  }

  forget(agent: string): void {
    clearTimeout(this.#putOff.get(agent));
    this.#putOff.delete(agent);
    this.#restedMs.delete(agent);
  }

  /** Does now what was put off, and puts off nothing any more. */
  stop(): void {
    this.#stopped = true;
    for (const [agent, timer] of this.#putOff) {
      clearTimeout(timer);
      this.#catchUp(agent);
    }
  }

  #catchUp(agent: string): void {
    this.#putOff.delete(agent);
    this.#act(agent);
  }
}
