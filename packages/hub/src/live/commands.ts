import { randomBytes } from 'node:crypto';
import type { BrokerLink } from '@tongtang/broker/link';
import type { Command } from '@tongtang/wire/messages';
import { type Address, topicOf } from '@tongtang/wire/topics';

/** How long an agent sends every 10 s after it was asked once. */
const liveS = 60;
/** Several people may look at one classroom: it is asked again when half of that is over. */
const askAgainS = 30;
/** One visit to a page is one entry of the audit, however often the page asks. */
const visitS = 600;

export type CommandsParts = Readonly<{
  link: Pick<BrokerLink, 'publish'>;
  /** Keeps for good who asked what of whom. */
  audit: (user: string, action: string, agents: readonly string[]) => Promise<void>;
  nowS: () => number;
}>;

/** Asks agents for what may be asked of them from afar, and has it audited. */
export class Commands {
  readonly #parts: CommandsParts;
  readonly #asked = new Map<string, number>();
  readonly #visited = new Map<string, number>();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** Asks agents to send every 10 s for the next minute. An agent that is not there does not hear it, nor need to. */
  async live(agents: readonly Address[], user: string): Promise<void> {
    const now = this.#parts.nowS();
    forget(this.#asked, now - liveS);
    forget(this.#visited, now - visitS);
    const newcomers = agents.filter(({ agent }) => !this.#visited.has(`${user} ${agent}`));
    for (const { agent } of newcomers) this.#visited.set(`${user} ${agent}`, now);
    const ids = newcomers.map(({ agent }) => agent);
    if (ids.length > 0)
      try {
        await this.#parts.audit(user, 'live', ids);
      } catch (error) {
        // What is not audited is not done, and is no visit.
        for (const id of ids) this.#visited.delete(`${user} ${id}`);
        throw error;
      }
    const due = agents.filter(({ agent }) => (this.#asked.get(agent) ?? 0) <= now - askAgainS);
    for (const { agent } of due) this.#asked.set(agent, now);
    await Promise.all(due.map((address) => this.#askLive(address)));
  }

  /** An agent came online. What it was asked for while it was on its way, it did not hear: it is asked again. */
  async cameOnline(address: Address): Promise<void> {
    forget(this.#asked, this.#parts.nowS() - liveS);
    if (this.#asked.has(address.agent)) await this.#askLive(address);
  }

  async #askLive(address: Address): Promise<void> {
    await this.#send(address, { id: newId(), action: 'live', seconds: liveS });
  }

  async #send(address: Address, command: Command): Promise<void> {
    await this.#parts.link.publish(topicOf(address, 'command'), JSON.stringify(command));
  }
}

function newId(): string {
  return randomBytes(8).toString('hex');
}

function forget(times: Map<string, number>, before: number): void {
  for (const [key, time] of times) if (time <= before) times.delete(key);
}
