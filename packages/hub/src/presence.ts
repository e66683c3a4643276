import type { BrokerLink } from '@tongtang/broker/link';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import type { Ledger } from '@tongtang/store/ledger/ledger';
import type { AgentRegistry, EnrolledAgent } from '@tongtang/store/registry/registry';
import { type Commit, Status } from '@tongtang/wire/messages';
import { filterOf, parseTopic, topicOf } from '@tongtang/wire/topics';
import type { ConfigPush } from './config-push.ts';
import { Crowd } from './crowd.ts';
import type { IncidentWatch } from './incidents/incident-watch.ts';
import type { Commands } from './live/commands.ts';
import type { LiveFleet } from './live/fleet.ts';
import type { HubMetrics } from './metrics.ts';
import { Restraint } from './restraint.ts';

export type PresenceParts = Readonly<{
  registry: Pick<AgentRegistry, 'agent' | 'onChange'>;
  link: BrokerLink;
  /** The id of this hub's process, which commits carry. */
  hub: string;
  ledger: Pick<Ledger, 'received'>;
  fleet: Pick<LiveFleet, 'setStatus'>;
  incidents: Pick<IncidentWatch, 'hear'>;
  configPush: Pick<ConfigPush, 'welcome'>;
  commands: Pick<Commands, 'cameOnline'>;
  metrics: Pick<HubMetrics, 'publishErrors' | 'quarantined'>;
  log: Log;
}>;

/**
 * An agent whose line comes and goes says up to four words a minute in the long run, and some fifteen in the first minute, before its waits have
 * grown. To take one and answer it costs the hub 3 ms where the outbox has many gaps; what is said beyond these would cost as much, for nothing.
 */
const words = { inARow: 20, everyMs: 10_000 } as const;

/** An agent is asked for a batch that is told as a whole no more often than this (clause F-6). */
const askAgainMs = 10_000;

/** Ranges told at once; an outbox with more gaps than that hears of its newest. */
const mostRanges = 1000;

/** What an agent said of itself last. */
type Said = Readonly<Pick<Status, 'boot' | 'state' | 'outbox' | 'version'>>;

/**
 * Hears how agents are. An agent that comes online is told what of its outbox is stored, which also tells it the
 * time, and has its configuration; and what it was asked for while it was away. Of one that says more than honest ones do,
 * what it said last counts, and some seconds later.
 */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #current = new Map<string, Said>();
  /** Agents that were online by what was told of them last. */
  readonly #online = new Set<string>();
  readonly #askedMs = new Map<string, number>();
  readonly #crowd = new Crowd();
  readonly #words = new Restraint(words, (agent) => this.#attempt({ agent }, () => this.#tell(agent)));

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    parts.registry.onChange(({ agents }) => {
      for (const id of agents) if (parts.registry.agent(id) === undefined) this.#forget(id);
    });
  }

  #forget(id: string): void {
    this.#current.delete(id);
    this.#online.delete(id);
    this.#askedMs.delete(id);
    this.#words.forget(id);
  }

  /** Whether a crowd of agents is coming online just now. */
  get crowded(): boolean {
    return this.#crowd.isThere;
  }

  /** A crowd is to come: they have been without a hub, and the door opens. */
  awaitCrowd(): void {
    this.#crowd.await();
  }

  /** Tells what was heard and not told yet. */
  stop(): void {
    this.#words.stop();
  }

  /** Hears the agents of a county. */
  async follow(county: string): Promise<void> {
    await this.#parts.link.subscribe(filterOf(county, 'status'), (topic, payload) =>
      this.hear(topic, payload),
    );
  }

  /** Takes a message, whatever it is; a registry that fails costs one word of one agent. */
  hear(topic: string, payload: Buffer): void {
    this.#attempt({ topic }, () => this.#hear(topic, payload));
  }

  #attempt(whose: Readonly<Record<string, string>>, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.log.error({ ...whose, error: messageOf(error) }, 'a status could not be taken');
    }
  }

  #hear(topic: string, payload: Buffer): void {
    const address = parseTopic(topic)?.address;
    const agent = address && this.#parts.registry.agent(address.agent);
    // An empty payload removes what was retained: nobody says anything by it.
    if (agent === undefined || payload.length === 0) return;
    const status = validate(Status, jsonOf(payload));
    if (!status.ok) {
      this.#parts.metrics.quarantined.inc({ reason: 'status' });
      this.#parts.log.warn(
        { agent: agent.id, problems: status.problems.slice(0, 3) },
        'status cannot be read',
      );
      return;
    }
    const state = settle(this.#current.get(agent.id), status.value);
    if (state === undefined) return;
    const { boot, outbox, version } = status.value;
    this.#current.set(agent.id, { boot, state, outbox, version });
    this.#words.ask(agent.id);
  }

  #tell(id: string): void {
    const { registry, fleet, incidents } = this.#parts;
    const [agent, said] = [registry.agent(id), this.#current.get(id)];
    if (agent === undefined || said === undefined) return;
    const { state, outbox, version } = said;
    fleet.setStatus(agent, state, version);
    // They keep all words of a month in memory: that it is online still is none.
    if (state !== 'online' || !this.#online.has(id)) incidents.hear(id, state);
    if (state === 'online') {
      this.#online.add(id);
      void this.#welcome(agent, outbox);
    } else this.#online.delete(id);
  }

  /**
   * What an agent tells by what differs cannot be read, as something before it was lost on the way: it is told what is
   * stored, and to begin anew. One that nobody heard of itself yet begins anew by itself, when no commit comes.
   */
  askForWhole(agent: EnrolledAgent): void {
    const outbox = this.#current.get(agent.id)?.outbox;
    const now = performance.now();
    const askedMs = this.#askedMs.get(agent.id) ?? Number.NEGATIVE_INFINITY;
    if (outbox === undefined || now - askedMs < askAgainMs) return;
    this.#askedMs.set(agent.id, now);
    this.#tellStored(agent, outbox, true).catch((error: unknown) => {
      this.#parts.metrics.publishErrors.inc();
      this.#parts.log.warn({ agent: agent.id, error: messageOf(error) }, 'an agent could not be asked');
    });
  }

  #tellStored({ id, address }: EnrolledAgent, outbox: string, whole?: true): Promise<void> {
    const { link, hub, ledger } = this.#parts;
    const ranges = ledger.received(id, outbox).slice(-mostRanges);
    const commit: Commit = { outbox, ranges, time: Date.now(), hub, ...(whole && { whole }) };
    return link.publish(topicOf(address, 'commit'), JSON.stringify(commit));
  }

  async #welcome(agent: EnrolledAgent, outbox: string): Promise<void> {
    const { configPush, commands, metrics, log } = this.#parts;
    this.#crowd.came(agent.id);
    try {
      await this.#tellStored(agent, outbox);
      await configPush.welcome(agent);
      await commands.cameOnline(agent.address);
    } catch (error) {
      metrics.publishErrors.inc();
      log.warn(
        { agent: agent.id, error: messageOf(error) },
        'an agent that came online could not be answered',
      );
    }
  }
}

/**
 * What a status means after what was known. A death that is not of the current boot is that of an old connection; one
 * that follows the word that the machine goes to sleep is the connection's end only.
 * @returns the state, or undefined where nothing changes
 */
function settle(before: Said | undefined, { state, boot }: Status): Status['state'] | undefined {
  if (state === 'online' || before === undefined) return state;
  if (before.boot !== boot) return undefined;
  return state === 'offline' && before.state === 'asleep' ? undefined : state;
}

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    // Validation says what is wrong: undefined is no status.
    return undefined;
  }
}
