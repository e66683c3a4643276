import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@tongtang/model/sample';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, describe, expect, it } from 'vitest';
import { HubClock } from './clock.ts';
import { Intake } from './intake.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function open(lessonNear = () => true) {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-intake-'));
  folders.push(folder);
  const outbox = openOutbox({ path: join(folder, 'outbox.db'), boot: 'boot', log: createLog('error') });
  const time = new VirtualTime();
  const clock = new HubClock(time.sources);
  const intake = new Intake(outbox, clock, 'boot', lessonNear);
  const measure = (): void => {
    const tags = { link: 'lan', target: 'a b' };
    intake.take([{ measurement: 'dns', tags, fields: { ok: true, answers: 1 } }], clock.localMs());
    intake.flush();
  };
  const times = (): number[] => {
    const claim = outbox.takeOldest({ samples: 1000, bytes: 1e6 });
    return (claim?.lines ?? []).map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  };
  return { time, clock, intake, outbox, measure, times };
}

describe('the identity of a sample', () => {
  it('L-11: is its own, however the clock is corrected', async () => {
    const { time, clock, outbox, measure, times } = open();
    clock.learnOffset(3000, 4000);
    for (let round = 0; round < 5; round += 1) {
      measure();
      await time.advance(2000);
    }
    // Better by far, and three seconds back.
    clock.learnOffset(0, 1);
    for (let round = 0; round < 5; round += 1) {
      measure();
      await time.advance(2000);
    }
    const all = times();
    expect(all).toHaveLength(10);
    expect(new Set(all).size).toBe(10);
    outbox.close();
  });

  it('L-11: is its own, too, where hub time was learned in between', async () => {
    const { time, clock, intake, outbox, measure, times } = open();
    measure();
    await time.advance(2000);
    clock.learnOffset(2000, 4000);
    intake.resolveTimes();
    clock.learnOffset(0, 1);
    measure();
    const all = times();
    expect(all).toHaveLength(2);
    expect(new Set(all).size).toBe(2);
    outbox.close();
  });

  it.each([
    ['knows', true],
    ['has yet to learn', false],
  ])(
    'L-11: is its own, too, where a new process measures in the second in which the last one died, and %s hub time',
    async (_, known) => {
      const { time, clock, outbox, measure, times } = open();
      clock.learnOffset(0, 1);
      await time.advance(5000);
      measure();
      const next = known ? clock : new HubClock(time.sources);
      const intake = new Intake(outbox, next, 'boot', () => true);
      const tags = { link: 'lan', target: 'a b' };
      for (let round = 0; round < 2; round += 1) {
        intake.take([{ measurement: 'dns', tags, fields: { ok: true, answers: 1 } }], next.localMs());
        intake.flush();
        await time.advance(2000);
      }
      next.learnOffset(0, 1);
      intake.resolveTimes();
      expect(new Set(times()).size).toBe(3);
      outbox.close();
    },
  );
});

describe('what is measured', () => {
  const reading: Reading = {
    measurement: 'dns',
    tags: { target: 'x' },
    fields: { ok: true, answers: 1 },
  };

  it('is written with the end of a session in lessons, and within half a minute at other times', async () => {
    let near = true;
    const { time, clock, intake, outbox } = open(() => near);
    clock.learnOffset(0, 1);
    const held: number[] = [];
    for (const isNear of [true, false]) {
      near = isNear;
      for (let round = 0; round < 4; round += 1) {
        // One answers before the session ends, one after it.
        intake.take([reading], clock.localMs());
        await time.advance(500);
        intake.sessionEnded();
        held.push(outbox.stats().samples);
        await time.advance(500);
        intake.take([reading], clock.localMs());
        await time.advance(9000);
      }
    }
    expect(held).toEqual([1, 3, 5, 7, 7, 7, 13, 13]);
    outbox.close();
  });

  it('is not written again where a report went with the session', async () => {
    const { time, clock, intake, outbox } = open();
    clock.learnOffset(0, 1);
    for (let round = 0; round < 6; round += 1) {
      const before = outbox.stats().samples;
      intake.take([reading], clock.localMs());
      await time.advance(9500);
      intake.take([reading], clock.localMs());
      await time.advance(500);
      expect(outbox.stats().samples).toBe(before);
      intake.flush();
      const after = outbox.stats().samples;
      intake.sessionEnded();
      expect(outbox.stats().samples).toBe(after);
    }
    expect(outbox.stats().samples).toBe(12);
    outbox.close();
  });

  it('is written within half a minute where no session ends', async () => {
    const { time, clock, intake, outbox } = open();
    clock.learnOffset(0, 1);
    const held: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      intake.take([reading], clock.localMs());
      held.push(outbox.stats().samples);
      await time.advance(10_000);
    }
    expect(held).toEqual([0, 0, 0, 4, 4]);
    outbox.close();
  });
});
