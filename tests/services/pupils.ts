import type { Broker } from '@tongtang/simulator/session';
import { VirtualAgent } from '@tongtang/simulator/virtual-agent';
import type { Pupil } from './taught-county.ts';

/** As agents measure. Seconds. */
const everyS = 10;

/**
 * Classrooms that measure as those of a school do, some of them cut off at times. What they measure meanwhile is sent when they are
 * back, the newest first.
 */
export class Pupils {
  readonly #pupils: readonly Readonly<{ pupil: Pupil; agent: VirtualAgent; kept: string[][] }>[];
  readonly #cut = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pupils: readonly Pupil[]) {
    this.#pupils = pupils.map((pupil) => ({
      pupil,
      agent: new VirtualAgent({
        enrolled: pupil.enrolled,
        retry: { firstMs: 200, longestMs: 1000 },
        onCommitted: () => {},
      }),
      kept: [],
    }));
  }

  /** Connects them, and has them report from then on. They bring what they measured in the last minutes. */
  async begin(broker: Broker): Promise<void> {
    const now = nowS();
    for (const { agent } of this.#pupils) {
      await agent.connect(broker);
      const past = Array.from({ length: 60 }, (_, n) => linesAt(now - (60 - n) * everyS, true));
      agent.send(agent.pack(past.flat()));
    }
    this.#timer = setInterval(() => this.#report(), everyS * 1000);
  }

  /** Cuts the lines of a school. @returns when, in seconds since 1970 */
  cut(school: string): number {
    this.#cut.add(school);
    for (const { agent } of this.#of(school)) agent.sever();
    return Date.now() / 1000;
  }

  mend(school: string): void {
    this.#cut.delete(school);
    for (const { agent } of this.#of(school)) agent.comeBack();
    this.#report();
  }

  /** Sends what the only classroom of a school measured long ago: cut off from one moment to another. */
  confess(school: string, span: Readonly<{ from: number; cut: number; mended: number; to: number }>): void {
    for (const { agent } of this.#of(school))
      for (let start = span.from; start < span.to; start += 1000) {
        const lines: string[] = [];
        for (let time = start; time < Math.min(start + 1000, span.to); time += everyS)
          lines.push(...linesAt(time, time < span.cut || time >= span.mended));
        agent.send(agent.pack(lines));
      }
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const { agent } of this.#pupils) await agent.disconnect();
  }

  #report(): void {
    const now = nowS();
    for (const { pupil, agent, kept } of this.#pupils) {
      const isCut = this.#cut.has(pupil.school);
      kept.push(linesAt(now, !isCut));
      if (isCut) continue;
      for (let lines = kept.pop(); lines !== undefined && agent.room > 0; lines = kept.pop())
        agent.send(agent.pack(lines));
    }
  }

  #of(school: string) {
    return this.#pupils.filter(({ pupil }) => pupil.school === school);
  }
}

/** What a classroom measures in ten seconds: its gateway always, the hub where the line is whole. */
function linesAt(time: number, whole: boolean): string[] {
  const hub = whole
    ? 'ok=true,sent=10i,received=10i,rtt_ms=31.5'
    : 'ok=false,failure="path",sent=10i,received=0i';
  return [
    `stamp,link=broadband,target=hub ${hub} ${time}`,
    `ping,link=lan,target=gateway ok=true,sent=5i,received=5i,rtt_ms=1.5 ${time}`,
    `agent clock_offset_ms=1.5 ${time}`,
  ];
}

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}
