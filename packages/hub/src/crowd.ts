/**
 * 5,000 agents that lost their hub come back with 120 a second on a slow machine, and with some 50 where others take its time as well; to let in
 * ten takes less than a tenth of a second. One agent can only come as itself: it takes ten stolen ones, and a hundred to go on for
 * long, as each is heard every ten seconds then (presence.ts).
 */
const many = 10;
/** While a county comes back, as many come in each second. */
const withinMs = 1000;
/** The first of a county are back within seconds: an agent waits a second between its first tries, a minute at most (session.ts). */
const awaitedMs = 5000;

/** Whether so many different agents come at once that others have to wait for them. */
export class Crowd {
  /** When those came that came last, each once, the oldest first; no more of them than make a crowd. */
  readonly #cameMs = new Map<string, number>();
  #awaitedUntilMs = Number.NEGATIVE_INFINITY;

  /** One is known to be on its way: the door has just been opened to those that were here before. */
  await(): void {
    this.#awaitedUntilMs = performance.now() + awaitedMs;
  }

  came(agent: string): void {
    this.#cameMs.delete(agent);
    this.#cameMs.set(agent, performance.now());
    const [oldest] = this.#cameMs.keys();
    if (this.#cameMs.size > many && oldest !== undefined) this.#cameMs.delete(oldest);
  }

  get isThere(): boolean {
    if (performance.now() < this.#awaitedUntilMs) return true;
    const [oldestMs] = this.#cameMs.values();
    return this.#cameMs.size === many && oldestMs !== undefined && performance.now() - oldestMs < withinMs;
  }
}
