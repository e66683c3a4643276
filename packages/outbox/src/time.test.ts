import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hubSeconds, type Moment, type TimeReference } from './time.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A machine with a wall clock, whose hub has the true time. All in milliseconds. */
class Machine {
  #trueMs = 1_790_000_000_000;
  #wallAheadMs: number;
  #bootedMs = this.#trueMs;
  #boots = 1;
  #beganMs: number;

  constructor(wallAheadMs: number) {
    this.#wallAheadMs = wallAheadMs;
    this.#beganMs = this.#trueMs + wallAheadMs;
  }

  pass(ms: number): this {
    this.#trueMs += ms;
    return this;
  }

  setWall(byMs: number): this {
    this.#wallAheadMs += byMs;
    return this;
  }

  /** Was off for so long; where its battery is dead, the wall clock begins anew. */
  restart(offMs: number, beginsAtMs?: number): this {
    this.#trueMs += offMs;
    this.#bootedMs = this.#trueMs;
    this.#boots += 1;
    if (beginsAtMs !== undefined) this.#wallAheadMs = beginsAtMs - this.#trueMs;
    this.#beganMs = this.#trueMs + this.#wallAheadMs;
    return this;
  }

  /** The same, where the wall clock stands still without mains, as with a worn battery. */
  standStill(offMs: number): this {
    return this.restart(offMs, this.#trueMs + this.#wallAheadMs);
  }

  /** When this boot began, by the wall clock as it was then. */
  began(): number {
    return this.#beganMs;
  }

  /** A sample is taken; beside it when that truly was. */
  moment(): Moment & { trueS: number } {
    return {
      boot: `boot-${this.#boots}`,
      monotonicMs: this.#trueMs - this.#bootedMs,
      wallMs: this.#trueMs + this.#wallAheadMs,
      trueS: Math.floor(this.#trueMs / 1000),
    };
  }

  /** Hub time is known. */
  reference(): TimeReference {
    return {
      boot: `boot-${this.#boots}`,
      hubMs: this.#trueMs,
      hubMinusMonotonicMs: this.#bootedMs,
      hubMinusWallMs: -this.#wallAheadMs,
    };
  }
}

describe('the time of a sample that was taken before hub time was known', () => {
  it('is exact within one boot, whatever becomes of the wall clock', () => {
    const machine = new Machine(day).pass(hour);
    const moment = machine.moment();
    machine.setWall(-300 * day).pass(hour);
    expect(hubSeconds(moment, machine.reference(), undefined)).toBe(moment.trueS);
  });

  it('is not of a boot that bears the same name and lasted longer than this one until now', () => {
    const machine = new Machine(0).pass(10 * hour);
    const moment = machine.moment();
    const next = machine.restart(hour).pass(hour).reference();
    expect(hubSeconds({ ...moment, boot: next.boot }, next, undefined)).toBeUndefined();
  });

  it('follows from a wall clock that ran on while the machine was off, be it wrong', () => {
    const machine = new Machine(37 * 60_000);
    const compared = machine.pass(hour).reference();
    const moment = machine
      .restart(12 * hour)
      .pass(hour)
      .moment();
    const last = machine.pass(hour).moment();
    const reference = machine.restart(12 * hour).reference();
    expect(hubSeconds(moment, reference, { compared, last })).toBe(moment.trueS);
  });

  it('is unknown where the wall clock was never compared', () => {
    const machine = new Machine(0);
    const moment = machine.moment();
    expect(hubSeconds(moment, machine.restart(hour).reference(), undefined)).toBeUndefined();
  });

  it('is unknown where the battery is dead: the wall clock begins anew with every boot', () => {
    const machine = new Machine(0);
    const compared = machine.pass(hour).reference();
    const moment = machine
      .restart(12 * hour, 1_230_768_000_000)
      .pass(hour)
      .moment();
    const reference = machine
      .restart(12 * hour, 1_230_768_000_000)
      .pass(60_000)
      .reference();
    expect(hubSeconds(moment, reference, { compared, last: moment })).toBeUndefined();
  });

  it('is unknown where the battery was dead, and the network set the clock right by now', () => {
    const machine = new Machine(0);
    const compared = machine.pass(hour).reference();
    const moment = machine
      .restart(12 * hour, 1_230_768_000_000)
      .pass(hour)
      .moment();
    const reference = machine
      .restart(12 * hour)
      .setWall(-machineAhead(machine))
      .reference();
    expect(reference.hubMinusWallMs).toBe(compared.hubMinusWallMs);
    expect(hubSeconds(moment, reference, { compared, last: moment })).toBeUndefined();
  });

  it('is unknown while somebody had set the clock wrong, and known before and after', () => {
    const machine = new Machine(0);
    const compared = machine.reference();
    const before = machine.restart(hour).pass(hour).moment();
    const wrong = machine
      .setWall(-hour / 2)
      .pass(hour)
      .moment();
    const last = machine
      .setWall(hour / 2)
      .pass(hour)
      .moment();
    const reference = machine.restart(hour).reference();
    const timeOf = (moment: Moment) => hubSeconds(moment, reference, { compared, last });
    expect([before, wrong, last].map(timeOf)).toEqual([before.trueS, undefined, last.trueS]);
  });

  it('is unknown where the wall clock stood still without mains, and the network set it right since this boot began', () => {
    const machine = new Machine(0);
    const compared = machine.pass(hour).reference();
    const moment = machine.standStill(15 * hour).moment();
    const beganMs = machine.pass(hour).restart(hour).began();
    const reference = machine
      .setWall(15 * hour)
      .pass(60_000)
      .reference();
    expect(reference.hubMinusWallMs).toBe(compared.hubMinusWallMs);
    expect(hubSeconds(moment, reference, { compared, last: moment, beganMs })).toBeUndefined();
  });

  it('follows from a wall clock that was wrong, and that somebody set right since this boot began', () => {
    const machine = new Machine(37 * 60_000);
    const compared = machine.pass(hour).reference();
    const moment = machine.restart(hour).pass(hour).moment();
    const beganMs = machine.restart(12 * hour).began();
    const reference = machine
      .pass(hour)
      .setWall(-37 * 60_000)
      .reference();
    expect(hubSeconds(moment, reference, { compared, last: moment, beganMs })).toBe(moment.trueS);
  });

  it('is told right, within what clocks stray, or not at all', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('sample' as const) }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: day }) }),
      fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -day, max: day }) }),
      fc.record({
        do: fc.constantFrom('restart' as const, 'stand' as const),
        ms: fc.integer({ min: 1, max: 3 * day }),
      }),
      fc.record({ do: fc.constant('sample' as const) }),
    );
    let told = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, isSetRight) => {
        const machine = new Machine(0);
        const compared = machine.reference();
        const moments: ReturnType<Machine['moment']>[] = [];
        let sets = 0;
        for (const { do: what, ...by } of steps) {
          const ms = 'ms' in by ? by.ms : 0;
          if (what === 'pass') machine.pass(ms);
          // Two settings may hide each other between two looks; one always shows.
          else if (what === 'set' && sets++ === 0) machine.setWall(ms);
          else if (what === 'stand' && sets++ === 0) machine.standStill(ms);
          else if (what === 'restart') machine.restart(ms);
          else if (what === 'sample') moments.push(machine.moment());
        }
        // What is set in this boot shows, whatever was before.
        if (isSetRight) machine.setWall(-machineAhead(machine));
        const reference = machine.reference();
        const beganMs = machine.began();
        const strayS = 11 + (reference.hubMs - compared.hubMs) / 1e7;
        for (const moment of moments) {
          const last = moments.findLast(({ boot }) => boot === moment.boot) ?? moment;
          const second = hubSeconds(moment, reference, { compared, last, beganMs });
          if (second === undefined) continue;
          told += 1;
          expect(Math.abs(second - moment.trueS)).toBeLessThanOrEqual(strayS);
        }
      }),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(100);
  });
});

function machineAhead(machine: Machine): number {
  const { hubMinusWallMs } = machine.reference();
  return -hubMinusWallMs;
}
