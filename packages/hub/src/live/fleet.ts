import type { LinkKind } from '@tongtang/model/link';
import { inSlices } from '@tongtang/runtime/slices';
import type { AgentRegistry, EnrolledAgent, RegistryChange } from '@tongtang/store/registry/registry';
import type { Status } from '@tongtang/wire/messages';
import { tasksOf } from '../agent-config.ts';
import { AgentView, type IntervalOf, measurementOf } from './agent-view.ts';
import type { Commands } from './commands.ts';
import type { LinkSince } from './links-since.ts';
import type { AgentPresent, Fleet, LatestValue, LiveEvent } from './live.ts';

/** How soon silence is noticed. */
const lookEveryMs = 5000;

export type FleetParts = Readonly<{
  registry: AgentRegistry;
  commands: Pick<Commands, 'live'>;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

type Member = { view: AgentView; told: string };

/** The fleet in memory: what ingest and presence tell it, for whoever asks and listens. */
export class LiveFleet implements Fleet {
  readonly #parts: FleetParts;
  readonly #members = new Map<string, Member>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  /** By county and school. */
  readonly #intervals = new Map<string, Map<string, IntervalOf>>();
  #looking: Promise<void> | undefined;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #stopListening = (): void => {};

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopListening = this.#parts.registry.onChange((change) => this.#registryChanged(change));
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    clearInterval(this.#timer);
    await this.#looking;
  }

  agents(): readonly AgentPresent[] {
    return this.#parts.registry.agents().map((agent) => this.#present(agent));
  }

  latest(agent: string): readonly LatestValue[] {
    return this.#members.get(agent)?.view.latest() ?? [];
  }

  /** Tells those who listen of an incident that is other than before. */
  announce(incident: string): void {
    this.#tell({ type: 'incident', id: incident });
  }

  listen(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async watch(agents: readonly string[], user: string): Promise<void> {
    const addresses = agents.flatMap((id) => this.#parts.registry.agent(id)?.address ?? []);
    await this.#parts.commands.live(addresses, user);
  }

  /** Samples of an enrolled agent arrived. */
  observe(id: string, samples: readonly LatestValue[]): void {
    const agent = this.#parts.registry.agent(id);
    if (agent === undefined) return;
    const fresh = this.#member(id).view.observe(samples, this.#parts.nowS());
    if (fresh.length > 0 && this.#listeners.size > 0)
      this.#tell({
        type: 'samples',
        agent: id,
        samples: fresh.map(({ measurement, tags, time, fields }) => ({ measurement, tags, time, fields })),
      });
    this.#tellIfChanged(agent);
  }

  /** An enrolled agent, or its will, said how it is. */
  setStatus(agent: EnrolledAgent, status: Status['state'], version?: string): void {
    this.#member(agent.id).view.setStatus(status, this.#parts.nowS(), version);
    this.#tellIfChanged(agent);
  }

  /** The store knew these of an agent when the hub started. */
  recall(id: string, samples: readonly LatestValue[]): void {
    const agent = this.#parts.registry.agent(id);
    if (agent === undefined) return;
    this.#member(id).view.recall(samples);
    this.#tellIfChanged(agent);
  }

  /** What was known of an agent before the hub was started. */
  remember(
    id: string,
    status: Status['state'] | undefined,
    heardAt: number,
    links: ReadonlyMap<LinkKind, LinkSince> | undefined,
  ): void {
    const agent = this.#parts.registry.agent(id);
    if (agent === undefined) return;
    this.#member(id).view.remember(status, heardAt, links);
    this.#tellIfChanged(agent);
  }

  #member(id: string): Member {
    const known = this.#members.get(id);
    if (known !== undefined) return known;
    const member = { view: new AgentView(), told: '' };
    this.#members.set(id, member);
    return member;
  }

  #present({ id, place }: EnrolledAgent): AgentPresent {
    return this.#member(id).view.present(
      id,
      place,
      this.#parts.nowS(),
      this.#intervalsOf(place.county, place.school),
    );
  }

  /** Told are changes of state; when a state was measured last can be seen from the samples. */
  #tellIfChanged(agent: EnrolledAgent): void {
    const present = this.#present(agent);
    const { state, version, links, place } = present;
    const essence = JSON.stringify([state, version, place, links.map(({ link, state }) => [link, state])]);
    const member = this.#member(agent.id);
    if (member.told === essence) return;
    member.told = essence;
    this.#tell({ type: 'agent', agent: present });
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** In slices: conclusions on 5,000 agents take a while, and their samples come in meanwhile. */
  #look(): void {
    const ids = this.#parts.registry.agents().map(({ id }) => id);
    let next = 0;
    this.#looking ??= inSlices((enough) => {
      for (; next < ids.length && !enough(); next += 1) {
        const agent = this.#parts.registry.agent(ids[next] ?? '');
        if (agent !== undefined) this.#tellIfChanged(agent);
      }
      return next < ids.length && !this.#stopped;
    }).finally(() => {
      this.#looking = undefined;
    });
  }

  #registryChanged({ agents, counties }: RegistryChange): void {
    for (const county of counties) this.#intervals.delete(county);
    for (const id of agents) {
      const agent = this.#parts.registry.agent(id);
      if (agent === undefined) this.#members.delete(id);
      else this.#tellIfChanged(agent);
    }
  }

  #intervalsOf(county: string, school: string): IntervalOf {
    const ofCounty = this.#intervals.get(county) ?? new Map<string, IntervalOf>();
    this.#intervals.set(county, ofCounty);
    const known = ofCounty.get(school);
    if (known !== undefined) return known;
    const inventory = this.#parts.registry.inventories().find((one) => one.county.id === county);
    const tasks = inventory === undefined ? [] : tasksOf(inventory, school);
    const seconds = new Map(
      tasks.map(({ probe, target, every }) => [`${measurementOf(probe)} ${target}`, every]),
    );
    const intervalOf: IntervalOf = (measurement, target) => seconds.get(`${measurement} ${target}`);
    ofCounty.set(school, intervalOf);
    return intervalOf;
  }
}
