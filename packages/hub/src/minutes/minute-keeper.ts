import { marginS } from '@tongtang/lessons/delivery/link-minutes';
import { minuteS } from '@tongtang/lessons/delivery/minute-state';
import { messageOf } from '@tongtang/runtime/errors';
import { hourS, type LateHour } from '@tongtang/store/minutes/minutes';
import type { Registry } from '@tongtang/store/registry/open';
import { type PlacedSamples, retention } from '@tongtang/store/telemetry';
import type { Status } from '@tongtang/wire/messages';
import { inTurn } from '../in-turn.ts';
import { hourOf, type SettledAgent, type SettleParts, settle } from './settle.ts';

export type KeeperParts = SettleParts &
  Readonly<{
    registry: Pick<Registry, 'inventories' | 'agents'>;
    /** Hub time in seconds. */
    nowS: () => number;
    /** Whether the clock is believed: by a wrong one the wrong minutes would be settled. */
    mayRun: () => boolean;
    /** Whether a crowd of agents is coming in: their present goes before anybody's past. */
    busy: () => boolean;
  }>;

/** Between two rounds, ms; with many agents so many times as long as a round took. */
const everyMs = 120_000;
const restRounds = 4;
/** Minutes are settled so long after their end: agents send at least once a minute, and may need a second try. Seconds. */
const lagS = 180;
/** What comes late comes in many batches: so long nothing more must have come for an hour. Seconds. */
const quietS = 60;
/** So much is settled at once; what it takes holds up everybody else. Seconds. */
const stretchS = 2 * hourS;
const lateAtOnce = 2000;
/** So often it is noted that the hub runs. Seconds. */
const aliveS = 30;
/** A process that did not come to note it for so long slept. Seconds. */
const sleptS = 300;

/**
 * Keeps the minutes of all agents: those of the present some minutes after they are over, and again those for which samples came later.
 *
 *     store ─▶ samples of an agent ─▶ linkMinutes ─▶ minutes.db
 *     ingest ─▶ hours that came late ─▶ minutes.db ─▶ settled again
 *
 * It may be killed at any moment: how far it came and what came late are on disk, and what is settled twice is the same.
 */
export class MinuteKeeper {
  readonly #parts: KeeperParts;
  /** Samples before it are late. Known to be settled, or being settled just now. */
  #closed: number;
  /** Marks that are on disk. */
  readonly #marked = new Map<string, LateHour>();
  #timer: NodeJS.Timeout | undefined;
  #pulse: NodeJS.Timeout | undefined;
  #running = Promise.resolve();
  #stopped = false;
  /** Its clock was in doubt when it was looked at last. */
  #doubted = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#closed = Math.max(
      0,
      ...parts.registry.inventories().map(({ county }) => parts.minutes.settledTo(county.id) ?? 0),
    );
  }

  start(): void {
    this.#live(0);
    this.#pulse = setInterval(() => this.#live(sleptS), aliveS * 1000);
    this.#timer = setTimeout(() => this.#look(), 1000);
  }

  /** What is under way ends after its slice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#pulse);
    clearTimeout(this.#timer);
    await this.#running;
    this.#live(sleptS);
  }

  /**
   * Samples were stored, and are not committed yet. Those of a time that is settled are late: that is marked on disk before they are.
   * @throws where the disk refuses a mark; then they must not be committed, or their minutes would never be settled again after a kill
   */
  stored(batches: readonly PlacedSamples[]): void {
    const at = this.#parts.nowS();
    const marks = new Map<string, LateHour>();
    for (const { place, samples } of batches) {
      // Samples come in the order of their times: the hour is nearly always that of the one before.
      let seen: number | undefined;
      for (const { time } of samples) {
        if (time >= this.#closed) continue;
        const hour = hourOf(time);
        if (hour === seen) continue;
        seen = hour;
        const key = `${place.agent} ${hour}`;
        if (!this.#isMarked(key, at)) marks.set(key, { agent: place.agent, hour, at });
      }
    }
    if (marks.size === 0) return;
    this.#parts.minutes.markLate([...marks.values()]);
    for (const [key, mark] of marks) this.#marked.set(key, mark);
  }

  /** An agent said how it is. */
  heard(agent: string, state: Status['state']): void {
    try {
      this.#parts.minutes.hear(agent, { time: this.#parts.nowS(), state });
    } catch (error) {
      this.#parts.log.error({ agent, error: messageOf(error) }, 'what an agent said is not kept');
    }
  }

  /** Settles all that can be settled now. @throws where the store does not answer; the next time goes on from there */
  async settleAll(): Promise<void> {
    const { registry, minutes, nowS } = this.#parts;
    const closed = Math.floor((nowS() - lagS) / minuteS) * minuteS;
    // From here on what arrives for these minutes is late, so nothing can slip in behind.
    this.#closed = Math.max(this.#closed, closed);
    for (const inventory of registry.inventories()) {
      const { id } = inventory.county;
      const agents = registry.agents().filter(({ place }) => place.county === id);
      const done = minutes.settledTo(id);
      // What was settled last did not know yet what comes after it.
      const first = Math.max(this.#rawFrom(), (done ?? 0) - marginS);
      for (let from = first; from < closed && !this.#stopped; from += stretchS) {
        const to = Math.min(from + stretchS, closed);
        // Nobody measures before he is enrolled.
        const there = agents.filter(({ enrolledAt }) => enrolledAt < to);
        await this.#each(there, (agent) => settle(this.#parts, inventory, agent, { from, to }, nowS()));
        if (!this.#stopped && to > (done ?? 0)) minutes.settled(id, to);
      }
    }
    await this.#settleLate();
  }

  async #settleLate(): Promise<void> {
    const { registry, minutes, nowS } = this.#parts;
    const agents = new Map(registry.agents().map((agent) => [agent.id, agent]));
    const inventories = new Map(registry.inventories().map((inventory) => [inventory.county.id, inventory]));
    while (!this.#stopped) {
      const taken = minutes.late(nowS() - quietS, lateAtOnce);
      if (taken.length === 0) return;
      for (const { agent: id, from, to } of this.#stretchesOf(taken)) {
        const agent = agents.get(id);
        const inventory = agent && inventories.get(agent.place.county);
        if (agent === undefined || inventory === undefined) continue;
        const end = Math.min(to, minutes.settledTo(inventory.county.id) ?? 0);
        if (this.#stopped) return;
        if (from < end)
          await this.#one(() => settle(this.#parts, inventory, agent, { from, to: end }, nowS()));
      }
      // What was left out when the end came stays marked.
      if (this.#stopped) return;
      minutes.redone(taken);
      for (const { agent, hour } of taken) this.#marked.delete(`${agent} ${hour}`);
    }
  }

  /** What has to be settled again, an agent after the other, each in the order of time. */
  #stretchesOf(hours: readonly LateHour[]): { agent: string; from: number; to: number }[] {
    const stretches: { agent: string; from: number; to: number }[] = [];
    const open = new Map<string, { agent: string; from: number; to: number }>();
    for (const { agent, hour } of hours) {
      const [from, to] = [Math.max(hour - marginS, this.#rawFrom()), hour + hourS + marginS];
      const last = open.get(agent);
      if (last !== undefined && from <= last.to && to - last.from <= 2 * stretchS) last.to = to;
      else {
        const stretch = { agent, from, to };
        open.set(agent, stretch);
        stretches.push(stretch);
      }
    }
    return stretches.filter(({ from, to }) => from < to);
  }

  /** The first minute that can be settled: all raw samples around it are there. */
  #rawFrom(): number {
    return (Math.ceil((this.#parts.nowS() - retention.rawS) / hourS) + 1) * hourS + marginS;
  }

  async #each(agents: readonly SettledAgent[], work: (agent: SettledAgent) => Promise<void>): Promise<void> {
    for (const agent of agents) {
      if (this.#stopped) return;
      await this.#one(() => work(agent));
    }
  }

  #one(work: () => Promise<void>): Promise<void> {
    return inTurn({ busy: this.#parts.busy, stopped: () => this.#stopped }, work);
  }

  /** @param silenceS a longer time since the last sign of life was one without a hub */
  #live(silenceS: number): void {
    const { minutes, nowS, mayRun, log } = this.#parts;
    const wasDoubted = this.#doubted;
    this.#doubted = !mayRun();
    if (this.#doubted) return;
    try {
      minutes.alive(nowS(), wasDoubted ? Number.POSITIVE_INFINITY : silenceS);
    } catch (error) {
      log.error({ error: messageOf(error) }, 'that the hub runs is not kept');
    }
  }

  #isMarked(key: string, at: number): boolean {
    const known = this.#marked.get(key);
    // When it was set need not be exact to the second.
    return known !== undefined && at - known.at < quietS / 2;
  }

  #look(): void {
    const start = performance.now();
    this.#running = (this.#parts.mayRun() ? this.settleAll() : Promise.resolve())
      .catch((error: unknown) =>
        this.#parts.log.error({ error: messageOf(error) }, 'minutes could not be settled'),
      )
      .finally(() => {
        const restMs = Math.max(everyMs, restRounds * (performance.now() - start));
        if (!this.#stopped) this.#timer = setTimeout(() => this.#look(), restMs);
      });
  }
}
