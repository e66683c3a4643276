import { limits } from './thresholds.ts';

/** A time in which an agent measured without a pause. Hub time in seconds. */
export type Session = {
  from: number;
  to: number;
  /** When its machine was started, where that was told. */
  booted?: number;
};

/** When an agent measured, from samples in any order. */
export class Sessions {
  readonly #list: Session[];

  constructor(list: readonly Readonly<Session>[] = []) {
    this.#list = list.map((session) => ({ ...session }));
  }

  get list(): readonly Readonly<Session>[] {
    return this.#list;
  }

  get last(): Readonly<Session> | undefined {
    return this.#list.at(-1);
  }

  add(time: number): void {
    const last = this.#list.at(-1);
    if (last !== undefined && time >= last.from && time <= last.to + limits.pauseS) {
      if (time > last.to) last.to = time;
      return;
    }
    const at = this.#list.findLastIndex(({ from }) => from <= time);
    const [before, after] = [this.#list[at], this.#list[at + 1]];
    const joinsBefore = before !== undefined && time <= before.to + limits.pauseS;
    const joinsAfter = after !== undefined && after.from - time <= limits.pauseS;
    if (joinsBefore && joinsAfter) {
      before.to = after.to;
      joinBoots(before, after.booted);
      this.#list.splice(at + 1, 1);
    } else if (joinsBefore) before.to = Math.max(before.to, time);
    else if (joinsAfter) after.from = time;
    else this.#list.splice(at + 1, 0, { from: time, to: time });
  }

  /** Its machine was started then, as a sample of this time tells. */
  booted(time: number, at: number): void {
    const session = this.at(time);
    if (session !== undefined) joinBoots(session, at);
  }

  at(time: number): Session | undefined {
    const session = this.#list[this.#list.findLastIndex(({ from }) => from <= time)];
    return session !== undefined && time <= session.to ? session : undefined;
  }

  /** Whether it measured shortly before a time. */
  measuredAt(time: number): boolean {
    const session = this.#list[this.#list.findLastIndex(({ from }) => from <= time)];
    return session !== undefined && session.to >= time - 60;
  }

  /** Forgets what ended before a time; the last session stays. */
  forget(before: number): void {
    const keep = this.#list.findIndex(({ to }) => to >= before);
    this.#list.splice(0, keep === -1 ? this.#list.length - 1 : keep);
  }

  rewind(to: number): void {
    while ((this.#list.at(-1)?.from ?? Number.NEGATIVE_INFINITY) >= to) this.#list.pop();
    const last = this.#list.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, to);
  }
}

function joinBoots(session: Session, booted: number | undefined): void {
  if (booted !== undefined) session.booted = Math.max(session.booted ?? booted, booted);
}
