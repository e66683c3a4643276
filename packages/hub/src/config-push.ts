import type { BrokerLink } from '@tongtang/broker/link';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { AgentRegistry, EnrolledAgent } from '@tongtang/store/registry/registry';
import type { Config } from '@tongtang/wire/messages';
import { type Address, topicOf } from '@tongtang/wire/topics';
import { configOf } from './agent-config.ts';
import type { HubMetrics } from './metrics.ts';

/** Lessons of a new day are told within the hour, long before they begin. */
const lookEveryMs = 3_600_000;

export type ConfigPushParts = Readonly<{
  registry: AgentRegistry;
  link: Pick<BrokerLink, 'publish'>;
  metrics: Pick<HubMetrics, 'publishErrors'>;
  bytesPerDay: number;
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

/** Keeps each agent's retained configuration at what the inventory says. */
export class ConfigPush {
  readonly #parts: ConfigPushParts;
  /** What the broker holds, by agent. */
  readonly #published = new Map<string, { address: Address; revision: string }>();
  /** By county and school: all agents of a school measure the same. Emptied when something may have changed. */
  readonly #configs = new Map<string, Config>();
  #timer: NodeJS.Timeout | undefined;
  #stopListening = (): void => {};

  constructor(parts: ConfigPushParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopListening = this.#parts.registry.onChange(() => this.#publishChanges());
    this.#timer = setInterval(() => this.#publishChanges(), lookEveryMs);
    this.#publishChanges();
  }

  stop(): void {
    this.#stopListening();
    clearInterval(this.#timer);
  }

  /** Publishes an agent's configuration whether or not it changed: a broker may have lost its memory. */
  async publish(agent: EnrolledAgent): Promise<void> {
    const config = this.#configFor(agent);
    await this.#send(agent.address, JSON.stringify(config));
    this.#published.set(agent.id, { address: agent.address, revision: config.revision });
  }

  #publishChanges(): void {
    this.#configs.clear();
    const { registry } = this.#parts;
    for (const agent of registry.agents())
      if (this.#published.get(agent.id)?.revision !== this.#configFor(agent).revision)
        void this.#try(this.publish(agent));
    for (const [id, { address }] of this.#published)
      if (registry.agent(id) === undefined) {
        this.#published.delete(id);
        // An empty retained message removes the old one (MQTT 3.1.1, 3.3.1.3).
        void this.#try(this.#send(address, ''));
      }
  }

  #configFor({ place }: EnrolledAgent): Config {
    const key = `${place.county} ${place.school}`;
    const known = this.#configs.get(key);
    if (known !== undefined) return known;
    const { registry, bytesPerDay, nowS } = this.#parts;
    const inventory = registry.inventories().find(({ county }) => county.id === place.county);
    const config = configOf(inventory, place, bytesPerDay, nowS());
    this.#configs.set(key, config);
    return config;
  }

  async #send(address: Address, payload: string): Promise<void> {
    await this.#parts.link.publish(topicOf(address, 'config'), payload, { retain: true });
  }

  /** What does not get through is published when the agent says that it is online, or at the next look. */
  async #try(publishing: Promise<void>): Promise<void> {
    try {
      await publishing;
    } catch (error) {
      this.#parts.metrics.publishErrors.inc();
      this.#parts.log.debug({ error: messageOf(error) }, 'the broker did not take a configuration');
    }
  }
}
