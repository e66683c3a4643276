import { setTimeout as wait } from 'node:timers/promises';
import { Reports } from '@tongtang/wire/report.fixture';
import { type Backlog, backlogOf, reportEveryS } from './backlog.ts';
import { Lessons } from './lessons.ts';
import type { Drained, Outbox, Packed, SteadyResult, Tally } from './orders.ts';
import type { Broker, Enrolled } from './session.ts';
import { type Batch, type Retry, VirtualAgent } from './virtual-agent.ts';

/** Connections that are being made at the same time. */
const connectingAtOnce = 50;
const resendCheckMs = 5000;

type Member = {
  readonly number: number;
  readonly agent: VirtualAgent;
  backlog: readonly Batch[];
  /** Batches of the backlog that were sent to the present hub. */
  sent: number;
};

/** Many virtual agents in one process, each with a connection of its own, and what they can be told to do together. */
export class VirtualCounty {
  readonly #members: readonly Member[];
  #listener: (member: Member, batch: Batch, latencyMs: number) => void = () => {};
  #lessons: Lessons | undefined;
  #resending: NodeJS.Timeout | undefined;

  constructor(enrolled: readonly Enrolled[], retry?: Retry) {
    this.#members = enrolled.map((who, number) => {
      const agent = new VirtualAgent({
        enrolled: who,
        ...(retry && { retry }),
        onCommitted: (batch, latencyMs) => this.#listener(member, batch, latencyMs),
        onOpen: () => this.#lessons?.opened(number),
      });
      const member: Member = { number, agent, backlog: [], sent: 0 };
      return member;
    });
  }

  /** @returns when the hub has answered every agent; @throws where the broker refuses one */
  async connect(broker: Broker): Promise<void> {
    for (let at = 0; at < this.#members.length; at += connectingAtOnce) {
      const some = this.#members.slice(at, at + connectingAtOnce);
      await Promise.all(some.map(({ agent }) => agent.connect(broker)));
    }
    clearInterval(this.#resending);
    this.#resending = setInterval(() => {
      for (const { agent } of this.#members) agent.resendOverdue();
    }, resendCheckMs);
  }

  async disconnect(): Promise<void> {
    this.#lessons?.close();
    this.#lessons = undefined;
    clearInterval(this.#resending);
    for (const member of this.#members) member.sent = 0;
    await Promise.all(this.#members.map(({ agent }) => agent.disconnect()));
  }

  /** Gives every agent a backlog, packed and ready to go; the same again for every hub that knows nothing of it. */
  pack(backlog: Backlog): Packed {
    for (const member of this.#members)
      member.backlog = [...backlogOf(member.number, backlog)].map((lines) => member.agent.pack(lines));
    const all = this.#members.flatMap(({ backlog }) => backlog);
    return { batches: all.length, bytes: all.reduce((total, { payload }) => total + payload.length, 0) };
  }

  /** Sends so many batches of every backlog as fast as the windows allow, until all of them are committed. */
  drain(batches: number): Promise<Drained> {
    const ends = this.#members.map(({ sent, backlog }) => Math.min(sent + batches, backlog.length));
    const push = (member: Member): void => {
      for (const batch of member.backlog.slice(member.sent, ends[member.number])) {
        if (member.agent.room <= 0) return;
        member.sent += 1;
        member.agent.send(batch);
      }
    };
    let open = this.#members.reduce((total, { sent, number }) => total + (ends[number] ?? 0) - sent, 0);
    let samples = 0;
    const startMs = performance.now();
    return new Promise((resolve) => {
      const done = (): void => resolve({ samples, seconds: (performance.now() - startMs) / 1000 });
      this.#listener = (member, { from, to }) => {
        samples += to - from + 1;
        open -= 1;
        if (open === 0) done();
        push(member);
      };
      for (const member of this.#members) push(member);
      if (open === 0) done();
    });
  }

  /** One report a batch, one agent after the other in turn, evenly spaced; then waits until all are committed. */
  async reportSteadily(perSecond: number, seconds: number): Promise<SteadyResult> {
    const total = Math.round(perSecond * seconds);
    const each = Math.ceil(total / this.#members.length);
    const startS = Math.floor(Date.now() / 1000) - each * reportEveryS;
    const turns = this.#members.map(({ number, agent }) => ({ agent, reports: new Reports(number, startS) }));
    const latenciesMs: number[] = [];
    this.#listener = (_, __, latencyMs) => latenciesMs.push(latencyMs);
    const startMs = performance.now();
    let [behindMs, heldBack] = [0, 0];
    for (let sent = 0; sent < total; sent += 1) {
      const dueMs = startMs + (sent * 1000) / perSecond;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await wait(earlyMs);
      behindMs = Math.max(behindMs, performance.now() - dueMs);
      const turn = turns[sent % turns.length];
      if (turn === undefined) break;
      if (turn.agent.room > 0) sendReport(turn.agent, turn.reports);
      else heldBack += 1;
    }
    while (latenciesMs.length < total - heldBack) await wait(10);
    return { latenciesMs, heldBack, behindMs };
  }

  /** One report of the first agent, sent as soon as it has a connection. @returns when it is committed */
  reportOnce(): Promise<void> {
    const [first] = this.#members;
    if (first === undefined) throw new Error('nobody lives here');
    const { agent, number } = first;
    const reports = new Reports(number, Math.floor(Date.now() / 1000) - reportEveryS);
    return new Promise((resolve) => {
      this.#listener = () => resolve();
      sendReport(agent, reports);
    });
  }

  /** Every agent reports each ten seconds from now on, with or without a hub, until {@link endLessons}. */
  beginLessons(): void {
    const lessons = new Lessons(this.#members.map(({ agent }) => agent));
    this.#listener = ({ number }, batch) => lessons.committed(number, batch);
    this.#lessons = lessons;
  }

  /** What was made is still sent. */
  endLessons(): void {
    this.#lessons?.end();
  }

  /** Whoever loses the hub from now on stays away until {@link comeBack}. */
  stayAway(): void {
    this.#lessons?.lose();
    for (const { agent } of this.#members) agent.hold();
  }

  /** All connect in the same moment. */
  comeBack(): void {
    for (const { agent } of this.#members) agent.comeBack();
  }

  tally(): Tally {
    if (this.#lessons === undefined) throw new Error('there are no lessons');
    const connected = this.#members.filter(({ agent }) => agent.open).length;
    return { connected, ...this.#lessons.tally() };
  }

  outboxes(): Outbox[] {
    return this.#members.map(({ agent }) => ({ id: agent.outbox, made: agent.made }));
  }
}

function sendReport(agent: VirtualAgent, reports: Reports): void {
  const lines = reports.next();
  agent.sendNext(agent.number(lines.length), lines);
}
