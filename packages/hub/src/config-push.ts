import type { BrokerLink } from '@tongtang/broker/link';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { inSlices } from '@tongtang/runtime/slices';
import type { AgentRegistry, EnrolledAgent, RegistryChange } from '@tongtang/store/registry/registry';
import type { Config } from '@tongtang/wire/messages';
import { type Address, topicOf } from '@tongtang/wire/topics';
import { type ConfigOf, configsOf } from './agent-config.ts';
import type { HubMetrics } from './metrics.ts';

/** Lessons of a new day are told within the hour, long before they begin. */
const lookEveryMs = 3_600_000;
/** A broker far away answers a few hundred at a time. */
const sliceMessages = 200;

export type ConfigPushParts = Readonly<{
  registry: AgentRegistry;
  link: Pick<BrokerLink, 'publish' | 'remembers' | 'onConnect'>;
  metrics: Pick<HubMetrics, 'publishErrors'>;
  bytesPerDay: number;
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

/** What is published of a configuration. */
type Prepared = Readonly<{ revision: string; text: string }>;

/** Keeps each agent's retained configuration at what inventory and timetable say, and takes back what is retained of those that are gone. */
export class ConfigPush {
  readonly #parts: ConfigPushParts;
  /** What the broker holds, by agent; the revision is empty where that is not known. */
  readonly #published = new Map<string, { address: Address; revision: string }>();
  /** By county, as of its last change or the last look. */
  readonly #configs = new Map<string, ConfigOf>();
  readonly #prepared = new WeakMap<Config, Prepared>();
  /** Agents whose configuration may be another. */
  readonly #due = new Set<string>();
  #pushing: Promise<void> | undefined;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #stopListening = (): void => {};

  constructor(parts: ConfigPushParts) {
    this.#parts = parts;
  }

  start(): void {
    const { registry, link } = this.#parts;
    this.#stopListening = registry.onChange((change) => this.#follow(change));
    // A broker of its own may hold what an agent had that was revoked while no hub ran.
    if (!link.remembers)
      for (const address of registry.revoked()) this.#published.set(address.agent, { address, revision: '' });
    link.onConnect(() => this.#push(this.#gone()));
    this.#timer = setInterval(() => this.#lookAtAll(), lookEveryMs);
    this.#lookAtAll();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    clearInterval(this.#timer);
    await this.#pushing;
  }

  /**
   * An agent came online: it has to have its configuration, whether or not that changed, for a broker may have lost its
   * memory. From one that remembers it got it with its subscription.
   */
  async welcome(agent: EnrolledAgent): Promise<void> {
    const there = this.#parts.link.remembers && this.#published.get(agent.id);
    if (!there || there.revision !== this.#configFor(agent).revision) await this.#publish(agent);
  }

  async #publish(agent: EnrolledAgent): Promise<void> {
    const { revision, text } = this.#configFor(agent);
    const { address } = agent;
    // From here on the broker may hold it, whether or not it says so.
    const before = this.#published.get(agent.id)?.revision ?? '';
    this.#published.set(agent.id, { address, revision: before });
    await this.#send(address, 'config', text);
    this.#published.set(agent.id, { address, revision });
  }

  /** Agents whose configuration the broker still holds and should not. */
  #gone(): string[] {
    return [...this.#published.keys()].filter((id) => this.#parts.registry.agent(id) === undefined);
  }

  #lookAtAll(): void {
    this.#configs.clear();
    this.#push([...this.#parts.registry.agents().map(({ id }) => id), ...this.#gone()]);
  }

  #follow({ agents, counties }: RegistryChange): void {
    for (const county of counties) this.#configs.delete(county);
    this.#push(agents);
    if (counties.size === 0) return;
    const { registry } = this.#parts;
    this.#push(registry.agents().flatMap(({ id, place }) => (counties.has(place.county) ? [id] : [])));
  }

  #push(agents: Iterable<string>): void {
    for (const id of agents) this.#due.add(id);
    this.#pushing ??= this.#pushDue().finally(() => {
      this.#pushing = undefined;
    });
  }

  /** In slices: a county has thousands of agents, and all of them measure and send meanwhile. */
  async #pushDue(): Promise<void> {
    await inSlices(async (enough) => {
      const pushing: Promise<void>[] = [];
      for (const id of this.#due) {
        if (enough() || pushing.length >= sliceMessages || this.#stopped) break;
        this.#due.delete(id);
        pushing.push(this.#try(this.#pushTo(id)));
      }
      await Promise.all(pushing);
      return this.#due.size > 0 && !this.#stopped;
    });
  }

  async #pushTo(id: string): Promise<void> {
    const agent = this.#parts.registry.agent(id);
    const published = this.#published.get(id);
    if (agent !== undefined) {
      if (published?.revision !== this.#configFor(agent).revision) await this.#publish(agent);
    } else if (published !== undefined) {
      // An empty retained message removes the old one (MQTT 3.1.1, 3.3.1.3). Nobody else would ever take back what the agent said last.
      for (const channel of ['config', 'status'] as const) await this.#send(published.address, channel, '');
      this.#published.delete(id);
    }
  }

  #configFor({ place: { county, school } }: EnrolledAgent): Prepared {
    let configs = this.#configs.get(county);
    if (configs === undefined) {
      const { registry, bytesPerDay, nowS } = this.#parts;
      const inventory = registry.inventories().find((one) => one.county.id === county);
      const source = inventory && { inventory, timetable: registry.timetable(county) };
      configs = configsOf(source, bytesPerDay, nowS());
      this.#configs.set(county, configs);
    }
    const config = configs(school);
    const known = this.#prepared.get(config);
    if (known !== undefined) return known;
    const prepared = { revision: config.revision, text: JSON.stringify(config) };
    this.#prepared.set(config, prepared);
    return prepared;
  }

  async #send(address: Address, channel: 'config' | 'status', payload: string): Promise<void> {
    await this.#parts.link.publish(topicOf(address, channel), payload, { retain: true });
  }

  /**
   * What does not get through is published when the agent says that it is online, or at the next look; what has to be taken
   * back, when the broker is there again.
   */
  async #try(publishing: Promise<void>): Promise<void> {
    try {
      await publishing;
    } catch (error) {
      this.#parts.metrics.publishErrors.inc();
      this.#parts.log.debug({ error: messageOf(error) }, 'the broker did not take a configuration');
    }
  }
}
