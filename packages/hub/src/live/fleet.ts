import type { AgentRegistry, EnrolledAgent } from '@tongtang/store/registry/registry';
import type { Status } from '@tongtang/wire/messages';
import { tasksOf } from '../agent-config.ts';
import { AgentView, type IntervalOf } from './agent-view.ts';
import type { Commands } from './commands.ts';
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
  #intervals = new Map<string, IntervalOf>();
  #timer: NodeJS.Timeout | undefined;
  #stopListening = (): void => {};

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopListening = this.#parts.registry.onChange(() => this.#registryChanged());
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  stop(): void {
    this.#stopListening();
    clearInterval(this.#timer);
  }

  agents(): readonly AgentPresent[] {
    return this.#parts.registry.agents().map((agent) => this.#present(agent));
  }

  latest(agent: string): readonly LatestValue[] {
    return this.#members.get(agent)?.view.latest() ?? [];
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

  #look(): void {
    for (const agent of this.#parts.registry.agents()) this.#tellIfChanged(agent);
  }

  #registryChanged(): void {
    this.#intervals = new Map();
    for (const id of this.#members.keys())
      if (this.#parts.registry.agent(id) === undefined) this.#members.delete(id);
    this.#look();
  }

  #intervalsOf(county: string, school: string): IntervalOf {
    const key = `${county} ${school}`;
    const known = this.#intervals.get(key);
    if (known !== undefined) return known;
    const inventory = this.#parts.registry.inventories().find((one) => one.county.id === county);
    const tasks = inventory === undefined ? [] : tasksOf(inventory, school);
    const seconds = new Map(tasks.map(({ probe, target, every }) => [`${probe} ${target}`, every]));
    const intervalOf: IntervalOf = (probe, target) => seconds.get(`${probe} ${target}`);
    this.#intervals.set(key, intervalOf);
    return intervalOf;
  }
}
