import type { Direction } from '@tongtang/probes/throughput/ndt7';

/** Who wants to test. */
export type Visitor = Readonly<{
  /** An agent's id, a user's name, or an address where anybody may test. */
  name: string;
  /** Of agents. One of them speaks for its school, as often as the school's inventory wants it. */
  school?: Readonly<{ key: string; everyS: number }>;
}>;

export type Admitted = Readonly<{
  ok: true;
  /** To be called once it is over. @param measured whether there was enough of it to be a result */
  leave: (measured: boolean) => void;
}>;
export type Busy = Readonly<{ ok: false; reason: string; retryAfterS: number }>;

/** Where another test is on. A whole test takes some 22 s. */
const retryAfterS = 30;
/** The upload of a test follows its download so soon, the handshakes of a satellite link included. Milliseconds. */
const pauseMs = 10_000;
/** A school's tester that has begun and not ended holds up the others for so long. Milliseconds. */
const unfinishedMs = 300_000;
/** The tester of a school may come a little early, the others not. */
const shareOfInterval = 0.9;

type Running = Readonly<{ name: string; direction: Direction; end: () => void }>;

/**
 * Lets one test at a time in: two would measure each other, and the reports of all classrooms come over the same line. Of a
 * school one agent tests; the others hear when its result is old.
 */
export class Admission {
  readonly #nowMs: () => number;
  #running: Running | undefined;
  #pause: { name: string; untilMs: number } | undefined;
  readonly #turns = new Map<string, { name: string; untilMs: number }>();

  /** @param nowMs any clock that never goes back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @param end ends the test that would begin; called where its upload comes before the end of its download was noticed */
  admit({ name, school }: Visitor, direction: Direction, end: () => void): Admitted | Busy {
    const now = this.#nowMs();
    const before = this.#running;
    const follows = before?.name === name && before.direction === 'download' && direction === 'upload';
    if (before !== undefined && !follows) return { ok: false, reason: 'another test is on', retryAfterS };
    const pause = this.#pause;
    if (pause !== undefined && pause.name !== name && now < pause.untilMs)
      return { ok: false, reason: 'another test is on', retryAfterS };
    const turn = school && this.#turns.get(school.key);
    if (turn !== undefined && turn.name !== name && now < turn.untilMs)
      return {
        ok: false,
        reason: 'another agent of this school has tested',
        retryAfterS: Math.ceil((turn.untilMs - now) / 1000),
      };

    before?.end();
    const running: Running = { name, direction, end };
    this.#running = running;
    this.#pause = undefined;
    if (school !== undefined) this.#holdTurn(school.key, name, unfinishedMs);
    const leave = (measured: boolean): void => {
      if (this.#running === running) {
        this.#running = undefined;
        if (direction === 'download') this.#pause = { name, untilMs: this.#nowMs() + pauseMs };
      }
      if (school !== undefined && measured && direction === 'upload')
        this.#holdTurn(school.key, name, school.everyS * 1000 * shareOfInterval);
    };
    return { ok: true, leave };
  }

  #holdTurn(key: string, name: string, forMs: number): void {
    const untilMs = Math.max(this.#nowMs() + forMs, this.#turns.get(key)?.untilMs ?? 0);
    this.#turns.set(key, { name, untilMs });
  }
}
