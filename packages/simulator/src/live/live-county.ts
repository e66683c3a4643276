import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { encodeReading } from '@tongtang/wire/line-protocol';
import type { Machine } from '../county/machine.ts';
import type { SimulatedCounty } from '../county/simulated-county.ts';
import { definitionOf } from '../faults/kinds.ts';
import { Reporter } from '../reporter.ts';
import type { Broker, Enrolled } from '../session.ts';
import { VirtualAgent } from '../virtual-agent.ts';

export type LiveCountyOptions = Readonly<{
  county: SimulatedCounty;
  /** Who each machine is to the hub, by its name. One that is missing stays silent. */
  enrolled: ReadonlyMap<string, Enrolled>;
  broker: Broker;
  /** What was measured before is in the hub already, but for what an agent that is cut off holds. Seconds since 1970. */
  from: number;
  log: Log;
  /** Seconds since 1970; the system's clock where absent. */
  nowS?: () => number;
}>;

/** What an agent does: `cut` measures on and is not heard. */
type Doing = 'speaking' | 'cut' | 'dead' | 'off' | 'asleep';

type Member = {
  readonly machine: Machine;
  readonly agent: VirtualAgent;
  readonly reporter: Reporter;
  doing: Doing | undefined;
  /** What was measured before it is in the outbox. */
  takenTo: number;
};

/** How often it is looked who comes, goes and has something to say. */
const tickMs = 1000;
/** An agent puts together what it measures for so long, as those that are shipped do in lessons. Seconds. */
const togetherS = 10;
const resendCheckS = 5;

/**
 * The agents of a simulated county at work: each has a connection and an outbox of its own and sends what its probes find. Who
 * is cut off measures on, and what it holds comes when the line is mended, the newest first.
 */
export class LiveCounty {
  readonly #options: LiveCountyOptions;
  readonly #members: readonly Member[];
  readonly #nowS: () => number;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(options: LiveCountyOptions) {
    const { county, enrolled, from } = options;
    this.#options = options;
    this.#nowS = options.nowS ?? (() => Date.now() / 1000);
    this.#members = county.machines.flatMap((machine) => {
      const who = enrolled.get(machine.name);
      return who === undefined ? [] : [memberOf(machine, who, heardUntil(county, machine, from))];
    });
  }

  start(): void {
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Ends all connections in order. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#members.map(({ agent }) => agent.disconnect()));
  }

  #tick(): void {
    const now = Math.floor(this.#nowS());
    this.#ticks += 1;
    for (const [number, member] of this.#members.entries()) {
      this.#do(member, this.#doingAt(member.machine, now));
      if (now - member.takenTo >= togetherS && (now + number) % togetherS === 0) this.#measure(member, now);
      if (member.reporter.hasBacklog) member.reporter.proceed();
      if (this.#ticks % resendCheckS === 0) member.agent.resendOverdue();
    }
  }

  /** In pieces, as they would have been kept: a batch holds so much and no more. */
  #measure(member: Member, now: number): void {
    while (member.takenTo < now) {
      const from = member.takenTo;
      member.takenTo = Math.min(now, from + togetherS);
      const lines = this.#options.county
        .samples(member.machine, from, member.takenTo)
        .map((sample) => `${encodeReading(sample)} ${sample.time}`);
      if (lines.length > 0) member.reporter.report(lines, member.takenTo * 1000);
    }
  }

  #doingAt(machine: Machine, now: number): Doing {
    const { county } = this.#options;
    const { state } = county.power(machine, now);
    if (state !== 'on') return state;
    if (!county.measures(machine, now)) return 'dead';
    return county.speaks(machine, now) ? 'speaking' : 'cut';
  }

  #do(member: Member, doing: Doing): void {
    const { agent, machine, doing: before } = member;
    if (doing === before) return;
    member.doing = doing;
    switch (doing) {
      case 'speaking':
        if (before === undefined) this.#attend(machine, agent.connect(this.#options.broker));
        else if (before === 'off' || before === 'dead') agent.restart(this.#options.broker);
        else agent.comeBack(this.#options.broker);
        break;
      case 'cut':
        agent.sever();
        break;
      case 'dead':
        agent.die();
        break;
      case 'off':
      case 'asleep':
        this.#attend(machine, agent.leave(doing === 'off' ? 'stopping' : 'asleep'));
    }
  }

  #attend(machine: Machine, work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#options.log.error(
        { machine: machine.name, error: messageOf(error) },
        'a virtual agent has trouble',
      ),
    );
  }
}

function memberOf(machine: Machine, enrolled: Enrolled, takenTo: number): Member {
  const agent = new VirtualAgent({
    enrolled,
    onCommitted: (batch) => reporter.committedBatch(batch),
    onOpen: () => reporter.opened(false),
  });
  const reporter = new Reporter({ agent, onLive: () => {} });
  return { machine, agent, reporter, doing: undefined, takenTo };
}

/**
 * Until when the hub can have heard of a machine by a moment: the begin of the cut that is on then, or the moment itself.
 * Seconds since 1970.
 */
export function heardUntil(county: SimulatedCounty, machine: Machine, time: number): number {
  const cuts = county.faultsAt(machine, time).filter(({ kind }) => definitionOf(kind).silent === 'cut');
  return Math.min(time, ...cuts.map(({ begin }) => begin));
}
