import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LessonWindows } from '../lessons.ts';
import { TestTurns } from './turns.ts';

const minute = 60;
const hour = 3600;
const day = 86_400;
const log = createLog('error').child({}, { level: 'silent' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-turns-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const turnsOf = (agent = 'a-1', dataFolder = folder) =>
  new TestTurns({ dataFolder, agent, log, random: () => 0.5 });

/** Asks once a minute while it is quiet. @returns when the target is tested, in minutes */
function testedAt(
  turns: TestTurns,
  fromS: number,
  toS: number,
  lessons = new LessonWindows([]),
  everyS = day,
  began: (nowS: number) => void = (nowS) => turns.began('t', everyS, nowS),
): number[] {
  const tested: number[] = [];
  for (let nowS = fromS; nowS < toS; nowS += minute) {
    const quietUntilS = lessons.quietUntil(nowS);
    if (quietUntilS === undefined || !turns.isDue('t', everyS, nowS, quietUntilS)) continue;
    began(nowS);
    tested.push(nowS / minute);
  }
  return tested;
}

/** Lessons of five days, 8:00 to 12:00 and 14:00 to 17:00, with breaks of ten minutes. */
const schoolDays = new LessonWindows(
  [1, 2, 3, 4, 5].flatMap((n) =>
    [8, 9, 10, 11, 14, 15, 16].map((at) => [n * day + at * hour, n * day + at * hour + 50 * minute] as const),
  ),
);

describe('a target is tested', () => {
  it('within an hour of being told so, each agent at a time of its own', () => {
    const minutes = Array.from({ length: 60 }, (_, n) => {
      const own = mkdtempSync(join(folder, 'agent-'));
      const [first = Number.NaN, ...more] = testedAt(turnsOf(`a-${n}`, own), day, day + 2 * hour);
      expect(more).toEqual([]);
      return first - day / minute;
    });
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(61);
    expect(new Set(minutes).size).toBeGreaterThan(30);
    const perTenMinutes = [0, 1, 2, 3, 4, 5].map(
      (n) => minutes.filter((at) => Math.min(5, Math.floor(at / 10)) === n).length,
    );
    expect(Math.max(...perTenMinutes)).toBeLessThanOrEqual(20);
  });

  it('once a day, at about the same time, however long it goes on', () => {
    const tested = testedAt(turnsOf(), 0, 30 * day);
    expect(tested.length).toBeGreaterThanOrEqual(30);
    expect(tested.length).toBeLessThanOrEqual(32);
    for (const [n, at] of tested.slice(1).entries())
      expect(at - (tested[n] ?? 0)).toBeGreaterThanOrEqual((23 * hour) / minute);
  });

  it('on school days only while no lesson is on or begins within 20 minutes, each day once', () => {
    for (const agent of ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6', 'a-7', 'a-8']) {
      const own = mkdtempSync(join(folder, 'agent-'));
      const tested = testedAt(turnsOf(agent, own), day + 7.5 * hour, 6 * day, schoolDays);
      for (const at of tested)
        for (const ahead of [0, 5, 10, 19])
          expect(schoolDays.near((at + ahead - 15) * minute) && schoolDays.near((at + ahead) * minute)).toBe(
            false,
          );
      expect(tested.length).toBeGreaterThanOrEqual(5);
      expect(tested.length).toBeLessThanOrEqual(6);
    }
  });

  it('not again at a restart; again where it is unknown when, after a damaged file', () => {
    expect(testedAt(turnsOf(), 0, 2 * hour)).toHaveLength(1);
    expect(testedAt(turnsOf(), 2 * hour, 0.8 * day)).toEqual([]);
    writeFileSync(join(folder, 'agent', 'throughput.json'), '{"t":');
    expect(testedAt(turnsOf(), 3 * hour, 5 * hour)).toHaveLength(1);
  });

  it('after sleep not at once, since all classrooms wake at once', () => {
    const last = 'a-late';
    const turns = turnsOf(last);
    testedAt(turns, 0, 2 * hour);
    const woken = testedAt(turns, 30 * hour, 32 * hour);
    const fresh = testedAt(turnsOf(last, mkdtempSync(join(folder, 'other-'))), 30 * hour, 32 * hour);
    expect(woken).toEqual(fresh);
  });

  it('again after an hour where it failed, and as soon as a busy server wants it', () => {
    const turns = turnsOf();
    const [first = Number.NaN] = testedAt(turns, 0, 2 * hour);
    turns.failed('t', first * minute);
    const [second = Number.NaN] = testedAt(turns, 2 * hour, 5 * hour);
    expect(second - first).toBeGreaterThanOrEqual(60);
    expect(second - first).toBeLessThanOrEqual(121);
    turns.busy('t', second * minute, 60);
    const [third = Number.NaN] = testedAt(turns, (second + 1) * minute, second * minute + hour);
    expect(third - second).toBe(2);
  });

  it('much later where another agent of the school has tested, restart or not', () => {
    const turns = turnsOf();
    const [first = Number.NaN] = testedAt(turns, 0, 2 * hour);
    turns.busy('t', first * minute, 0.9 * day);
    expect(testedAt(turnsOf(), 2 * hour, 0.8 * day)).toEqual([]);
  });

  it('by a shorter interval as soon as that is wanted, and whatever a wrong clock once noted', () => {
    testedAt(turnsOf(), 0, 2 * hour);
    expect(testedAt(turnsOf(), 3 * hour, 5 * hour, undefined, 2 * hour).length).toBeGreaterThan(0);
    turnsOf().began('t', day, 900 * day);
    expect(testedAt(turnsOf(), 6 * hour, 8 * hour)).toHaveLength(1);
  });
});
