import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubClock } from './hub-clock.ts';

const start = 1_788_228_100;
const day = 86_400;

/** A hub's clock on a machine whose time the test sets; `again` is the next start of the hub. */
function openClock() {
  const path = join(mkdtempSync(join(tmpdir(), 'tongtang-clock-')), 'clock.json');
  const time = { wallS: start, monotonicS: 5 };
  const log = createLog('error').child({}, { level: 'silent' });
  const again = (): HubClock => {
    const clock = new HubClock(path, log, { wallS: () => time.wallS, monotonicS: () => time.monotonicS });
    clock.look();
    return clock;
  };
  const pass = (seconds: number): void => {
    time.wallS += seconds;
    time.monotonicS += seconds;
  };
  /** The machine is off for so long. */
  const off = (seconds: number): HubClock => {
    time.wallS += seconds;
    time.monotonicS = 5;
    return again();
  };
  /** The hub runs for so long. @returns after how many seconds the clock was believed, to half an hour */
  const run = (clock: HubClock, seconds: number): number | undefined => {
    let ran = 0;
    for (; ran < seconds && !clock.isBelieved(); ran += 1800) pass(1800);
    clock.look();
    return clock.isBelieved() ? ran : undefined;
  };
  const agents = (clock: HubClock, offsets: readonly number[]): void => {
    for (const [at, offsetS] of offsets.entries())
      clock.hear(`a${at}`, [
        { measurement: 'agent', tags: {}, time: time.wallS, fields: { clock_offset_ms: offsetS * 1000 } },
      ]);
    clock.look();
  };
  return { clock: again(), time, again, pass, off, run, agents };
}

describe("the hub's clock", () => {
  it('is believed at the first start, as it goes on, and after a weekend off', () => {
    const { clock, time, again, pass } = openClock();
    expect(clock.isBelieved()).toBe(true);
    pass(40 * day);
    clock.look();
    expect(clock.isBelieved()).toBe(true);
    time.wallS += 62 * 3600;
    expect(again().isBelieved()).toBe(true);
  });

  it('is believed when a date is wrong by a day and put right, whenever somebody looks', () => {
    for (const looksAt of [[], [0], [1], [0, 1]]) {
      const { clock, time, pass } = openClock();
      for (const [at, jump] of [-day, 2 * day, -day].entries()) {
        time.wallS += jump;
        pass(0.2);
        expect(clock.isBelieved()).toBe(true);
        if (looksAt.includes(at)) clock.look();
      }
    }
  });

  it.each([
    ['forward', 45 * day],
    ['back', -2000 * day],
  ])('is doubted when it jumps %s, and believed as soon as it is set right', (_, jump) => {
    const { clock, time, pass } = openClock();
    time.wallS += jump;
    expect(clock.isBelieved()).toBe(false);
    clock.look();
    pass(3600);
    clock.look();
    expect(clock.isBelieved()).toBe(false);
    time.wallS -= jump;
    clock.look();
    expect(clock.isBelieved()).toBe(true);
  });

  it('is doubted when the hub starts weeks later, also by the next start, until three agents agree', () => {
    const { time, again, agents } = openClock();
    time.wallS += 45 * day;
    expect(again().isBelieved()).toBe(false);
    const clock = again();
    agents(clock, [0.2, -90]);
    expect(clock.isBelieved()).toBe(false);
    agents(clock, [0.2, -90, 3]);
    expect(clock.isBelieved()).toBe(true);
    expect(again().isBelieved()).toBe(true);
  });

  it('is not believed for three agents where more say otherwise', () => {
    const { time, again, agents } = openClock();
    time.wallS += 45 * day;
    const clock = again();
    agents(clock, [0, 0, 0, 45 * day, 45 * day, 45 * day, 45 * day]);
    expect(clock.isBelieved()).toBe(false);
  });

  it('is not believed for what agents said of it before it was set', () => {
    const { time, again, agents } = openClock();
    time.wallS += 10 * day;
    const clock = again();
    agents(clock, [0, 0]);
    time.wallS += 20 * day;
    agents(clock, [0]);
    expect(clock.isBelieved()).toBe(false);
  });

  it('is believed after a week that nobody used to set it right, where there are fewer agents', () => {
    const { time, again, pass } = openClock();
    time.wallS += 45 * day;
    again();
    for (let days = 0; days < 6; days += 1) {
      pass(day);
      expect(again().isBelieved()).toBe(false);
    }
    pass(day);
    expect(again().isBelieved()).toBe(true);
  });

  it('is believed after a week in which the hub ran, also where it was off for days meanwhile', () => {
    const { off, run } = openClock();
    expect(run(off(45 * day), 5 * day)).toBeUndefined();
    expect(run(off(6 * day), 7 * day)).toBe(2 * day);
  });

  it('is believed once the hub has run for a week, in whatever way it is on and off', () => {
    const hours = (most: number) => fc.integer({ min: 2, max: most }).map((count) => count * 3600);
    fc.assert(
      fc.property(fc.array(fc.tuple(hours(500), hours(100)), { maxLength: 50 }), (spells) => {
        const { off, run } = openClock();
        let leftS = 7 * day + 3600;
        for (const [offS, runS] of spells) {
          if (run(off(offS), Math.min(runS, leftS)) !== undefined) return;
          leftS = Math.max(0, leftS - runS);
        }
        expect(run(off(4 * day), leftS)).toBeDefined();
      }),
    );
  });

  it.each([
    ['forward', 8 * day],
    ['far forward', 400 * day],
    ['back', -400 * day],
  ])('has another week to pass where it jumps %s while it is doubted', (_, jump) => {
    const { time, off, run } = openClock();
    const clock = off(45 * day);
    expect(run(clock, 6.9 * day)).toBeUndefined();
    time.wallS += jump;
    clock.look();
    expect(run(clock, 8 * day)).toBe(7 * day);
  });

  it('is not believed within the hour where it jumped while the hub was off', () => {
    for (const jump of [8 * day, 400 * day, -400 * day]) {
      const { off, run } = openClock();
      run(off(45 * day), 7 * day - 1800);
      expect(run(off(jump), day)).toBe(3600);
    }
  });
});
