import type { Claim, Outbox } from '@tongtang/outbox/outbox';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { HubReads } from '@tongtang/wire/following/batch-writer';
import type { Command, Commit, Config, Reply, Status } from '@tongtang/wire/messages';
import type { Address, Channel } from '@tongtang/wire/topics';
import type { HubClock } from '../clock.ts';
import type { LessonWindows } from '../lessons.ts';
import type { Timers } from '../timers.ts';
import type { ByteBudget } from './byte-budget.ts';
import { closeEveryS, restEveryS } from './cadence.ts';
import { Drain, type Sending } from './drain.ts';
import { readInbound } from './inbound.ts';
import { Pace } from './pace.ts';
import { type PresenceFacts, statusMessage } from './presence.ts';
import { type BrokerAddress, type Delivery, qosOf, Session } from './session.ts';
import { Telemetry } from './telemetry.ts';

export type UplinkOptions = Readonly<{
  broker: BrokerAddress;
  address: Address;
  password: string;
  outbox: Outbox;
  clock: HubClock;
  timers: Timers;
  budget: ByteBudget;
  log: Log;
  lessons: () => LessonWindows;
  /** What the hub is known to read. */
  hubReads: () => HubReads;
  /** What the agent says of itself; the outbox is added. */
  facts: () => Omit<PresenceFacts, 'outbox'>;
  /** Before a batch is taken: what was measured goes into the outbox. */
  beforeSend: () => void;
  onConfig: (config: Config) => void;
  /** The clock learned something from the hub. */
  onTime: () => void;
  /** Connected, or not any more. */
  onChange: () => void;
}>;

/**
 * At the pace of lessons a batch goes with the end of a session with the hub so shortly before or after it is due: to be woken for
 * it costs the machine as much as the batch itself, and what was measured is fresh. A batch that went by itself, as a change of
 * state does, is out of step: the next goes with the first session after so long.
 */
const rideMs = 1000;

/**
 * The way to the hub and back.
 *
 *   outbox ─▶ drain ─▶ session ─▶ broker        pace: when?   budget: at what cost?
 *      ▲                  │
 *      └──── commit ◀─────┘ ─▶ config, command
 */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #session: Session;
  readonly #drain: Drain;
  readonly #pace: Pace;
  readonly #telemetry: Telemetry;
  #cancelTimer: (() => void) | undefined;
  /** From then on a batch goes with the end of a session. */
  #rideFromMs = Number.POSITIVE_INFINITY;
  /** Whether the last batch did. */
  #inStep = false;
  #lastSentMs: number;
  #openedMs = Number.NEGATIVE_INFINITY;
  /** From when on a change of a link's state may go that waits to be sent. */
  #changedMs: number | undefined;
  #liveUntilMs = Number.NEGATIVE_INFINITY;
  /** Since when nobody takes what is measured and no bytes were saved for it; undefined while somebody does. */
  #awaySinceMs: number | undefined;
  /** When the hub was asked what it has, until it answers. */
  #askedMs: number | undefined;
  #announcedOutbox = '';
  /** The hub that committed last. */
  #hub = '';
  #foreignCommits = 0;
  #unreadable = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
    const { clock, budget, outbox } = options;
    this.#pace = new Pace(clock, budget, options.lessons);
    this.#lastSentMs = clock.localMs() - restEveryS * 1000;
    this.#session = new Session({
      ...options,
      will: () => this.#status('offline'),
      onOpen: () => this.#opened(),
      onMessage: (channel, payload) => this.#heard(channel, payload),
      onClose: () => this.#closed(),
      onBytes: (bytes) => budget.meter(bytes),
      holdBackMs: () => this.#pace.sessionWaitsMs,
    });
    this.#telemetry = new Telemetry({
      budget,
      hubReads: options.hubReads,
      publish: (payload, qos) => this.#publish('telemetry', payload, { qos, retain: false }),
      messageBytes: () => this.#session.costOf('telemetry', 0, 0),
    });
    this.#drain = new Drain({
      outbox,
      nowMs: () => clock.localMs(),
      nextPresentMs: () => this.#nextPresentMs(),
      send: (claim, sending) => this.#sendBatch(claim, sending),
    });
  }

  start(): void {
    this.#awaySinceMs = this.#options.clock.localMs();
    this.#session.start();
  }

  get connected(): boolean {
    return this.#session.open;
  }

  /** Times that the connection was made again since start. */
  get reconnects(): number {
    return Math.max(0, this.#session.connects - 1);
  }

  /** Why there is no connection; empty while there is one. */
  get trouble(): string {
    return this.#session.trouble;
  }

  /** Commits of outboxes that are not ours, messages that could not be read, batches sent again. */
  get oddities(): Readonly<{ foreignCommits: number; unreadable: number; resent: number }> {
    return {
      foreignCommits: this.#foreignCommits,
      unreadable: this.#unreadable,
      resent: this.#drain.resent,
    };
  }

  /**
   * A link changed its state: sends at once; while the byte budget runs low, not too many of them.
   * @param urgent a link went down or came back, or is known for the first time; others wait then if one was sent just now
   */
  linkChanged(urgent: boolean): void {
    const fromMs = this.#pace.changeMs(urgent);
    this.#changedMs = Math.min(this.#changedMs ?? fromMs, fromMs);
    this.#arm();
  }

  /** A session with the hub ended, the last that is measured together: a batch that is about due goes with it. */
  sessionEnded(): void {
    if (this.#session.open && this.#options.clock.localMs() >= this.#rideFromMs) this.#sendNow(true);
  }

  /** Samples of the past got their times, and can be sent. */
  samplesPlaced(): void {
    if (!this.#session.open) return;
    this.#drain.expectBacklog();
    this.#sendNow();
  }

  /** The machine was asleep: the old connection is dead, whatever it looks like. */
  wokeUp(): void {
    this.#session.renew();
  }

  /** Saves bytes for the backlog while nobody takes what is measured. To be called now and then. */
  accountAbsence(): void {
    const now = this.#options.clock.localMs();
    if (this.#session.open && this.#drain.hubSilent) this.#awaySinceMs ??= now;
    if (this.#awaySinceMs === undefined) return;
    this.#options.budget.saveAbsence((now - this.#awaySinceMs) / 1000);
    this.#awaySinceMs = this.#session.open && !this.#drain.hubSilent ? undefined : now;
  }

  /** Sends what is left and says goodbye; waits for the broker, not for the hub, and not for long. */
  async stop(): Promise<void> {
    this.#cancelTimer?.();
    if (this.#session.open) {
      this.#options.beforeSend();
      this.#drain.sendPresent();
      this.#publishStatus('stopping');
    }
    await this.#session.stop();
  }

  #opened(): void {
    const { clock, onChange } = this.#options;
    this.accountAbsence();
    this.#awaySinceMs = undefined;
    this.#openedMs = clock.localMs();
    this.#askedMs = this.#openedMs;
    this.#publishStatus('online');
    this.#telemetry.beginAnew();
    this.#drain.reset();
    this.#sendNow();
    onChange();
  }

  #closed(): void {
    this.#pace.sessionEnded(this.#openedMs);
    this.#awaySinceMs ??= this.#options.clock.localMs();
    this.#askedMs = undefined;
    this.#drain.reset();
    this.#cancelTimer?.();
    this.#options.onChange();
  }

  #sendNow(inStep = false): void {
    const { beforeSend, clock, outbox } = this.#options;
    beforeSend();
    // Damage or a power cut begins a new outbox: the hub has to know before it sees its batches.
    if (outbox.stats().id !== this.#announcedOutbox) this.#publishStatus('online');
    this.#drain.sendPresent();
    this.#lastSentMs = clock.localMs();
    if (this.#changedMs !== undefined && this.#changedMs <= this.#lastSentMs) this.#pace.changeWent();
    this.#changedMs = undefined;
    this.#inStep = inStep;
    this.#proceed();
  }

  #proceed(): void {
    this.#drain.proceed(this.#pace.ofBacklog);
    this.#arm();
  }

  /** One timer: for the next batch of the present, the backlog, or what has to be sent again. */
  #arm(): void {
    this.#cancelTimer?.();
    if (!this.#session.open) return;
    const { fromMs, latestMs } = this.#nextSend();
    this.#rideFromMs = fromMs;
    const due = Math.min(latestMs, this.#drain.nextMs() ?? Number.POSITIVE_INFINITY);
    const wait = Math.max(1, Math.ceil(due - this.#options.clock.localMs()));
    this.#cancelTimer = this.#options.timers.after(wait, () => {
      if (this.#nextSend().latestMs <= this.#options.clock.localMs()) this.#sendNow();
      else this.#proceed();
    });
  }

  /** From when on the next batch goes with the end of a session, and when it goes by itself. */
  #nextSend(): Readonly<{ fromMs: number; latestMs: number }> {
    const dueMs = this.#pace.nextSendMs({
      lastSentMs: this.#lastSentMs,
      changedMs: this.#changedMs,
      liveUntilMs: this.#liveUntilMs,
    });
    const forChange = this.#changedMs !== undefined && this.#changedMs <= dueMs;
    const rides = !forChange && dueMs - this.#lastSentMs <= closeEveryS * 1000;
    if (!rides) return { fromMs: dueMs, latestMs: dueMs };
    const fromMs = this.#inStep ? dueMs - rideMs : this.#lastSentMs + rideMs;
    return { fromMs, latestMs: dueMs + rideMs };
  }

  /** When the batch after one that goes now is due. */
  #nextPresentMs(): number {
    const lastSentMs = this.#options.clock.localMs();
    return this.#pace.nextSendMs({ lastSentMs, changedMs: undefined, liveUntilMs: this.#liveUntilMs });
  }

  #sendBatch(claim: Claim, sending: Sending): number {
    const coveredS = (this.#options.clock.localMs() - this.#lastSentMs) / 1000;
    return this.#telemetry.send(claim, sending, coveredS);
  }

  #publishStatus(state: Status['state']): void {
    this.#announcedOutbox = this.#options.outbox.stats().id;
    const message = this.#status(state);
    this.#options.budget.meter(this.#publish('status', message, { qos: 1, retain: true }));
  }

  #status(state: Status['state']): string {
    return statusMessage(state, { ...this.#options.facts(), outbox: this.#options.outbox.stats().id });
  }

  /** A session that ends takes its messages along; `#closed` gives their samples back to the outbox. */
  #publish(channel: Channel, payload: string | Buffer, delivery: Delivery): number {
    this.#session.publish(channel, payload, delivery).catch((error: unknown) => {
      this.#options.log.debug({ channel, error: messageOf(error) }, 'not sent');
    });
    return this.#session.costOf(channel, payload.length, delivery.qos);
  }

  #heard(channel: Channel, payload: Buffer): void {
    // The hub takes a retained message back by an empty one.
    if (payload.length === 0) return;
    const read = readInbound(channel, payload);
    if (!read.ok) {
      this.#unreadable += 1;
      this.#options.log.warn({ channel, problems: read.problems.slice(0, 5) }, 'unreadable message ignored');
      return;
    }
    switch (read.value.channel) {
      case 'commit':
        this.#telemetry.commitBytes = this.#session.costOf(channel, payload.length, qosOf(channel));
        this.#committed(read.value.commit);
        break;
      case 'config':
        this.#options.onConfig(read.value.config);
        this.#arm();
        break;
      case 'command':
        this.#obey(read.value.command);
    }
  }

  #committed({ outbox: id, ranges, time, hub, whole }: Commit): void {
    const { outbox, clock, onTime } = this.#options;
    if (id !== outbox.stats().id && !this.#drain.awaits(id)) this.#foreignCommits += 1;
    outbox.commit(id, ranges);
    const { sentMs, returned } = this.#drain.committed(id, ranges);
    const askedMs = Math.max(sentMs ?? 0, this.#askedMs ?? 0);
    this.#askedMs = undefined;
    const another = this.#hub !== '' && hub !== this.#hub;
    if (another) this.#drain.hubChanged();
    if (another || whole) this.#telemetry.beginAnew();
    const lost = (another || whole === true) && this.#drain.sentInVain();
    this.#hub = hub;
    if (returned || lost) this.#sendNow();
    else this.#proceed();
    if (askedMs === 0) return;
    clock.learnTime(time, askedMs);
    onTime();
  }

  #obey({ id, seconds }: Command): void {
    this.#liveUntilMs = this.#options.clock.localMs() + seconds * 1000;
    const reply = { id, ok: true } satisfies Reply;
    const delivery = { qos: 1, retain: false } as const;
    this.#options.budget.meter(this.#publish('reply', JSON.stringify(reply), delivery));
    this.#arm();
  }
}
