import type { LinkSample } from '@tongtang/model/link-evidence';
import { describe, expect, it } from 'vitest';
import { fileMinutes, withFiles } from './file-minutes.ts';
import type { MinuteState } from './minute-state.ts';
import { base, told } from './world.fixture.ts';

const times = (count: number, state: MinuteState): MinuteState[] =>
  Array.from({ length: count }, () => state);
const look = (minute: number, entries: number | undefined): LinkSample => ({
  measurement: 'lesson_files',
  tags: {},
  time: base + minute * 60,
  fields: entries === undefined ? { readable: false } : { readable: true, entries },
});
const stretch = { from: base, to: base + 3600 };

describe('the files of recorded lessons', () => {
  it('are there as the last look found them, for three intervals, and while the PC measures', () => {
    const machine = [...times(50, 'good'), ...times(10, 'off')];
    const samples = [look(35, undefined), look(2, 12), look(40, 0), look(45, 3)];
    expect(told(fileMinutes(samples, stretch, machine))).toBe(
      'unknown 2, good 15, unknown 18, down 10, good 5, unknown 10',
    );
  });

  it('nothing is known of them where nobody looked', () => {
    expect(fileMinutes([], stretch, times(60, 'good'))).toBeUndefined();
  });

  it('that were not there when a lesson began took all of it, but where its PC was off', () => {
    const minutes = [...times(2, 'good'), ...times(1, 'off')];
    expect(withFiles(minutes, [['unknown', 'down', 'good']])).toEqual(['down', 'down', 'off']);
    expect(withFiles(minutes, [['good', 'down', 'down']])).toEqual(minutes);
    expect(withFiles(minutes, [['down'], ['good']])).toEqual(minutes);
    expect(withFiles(minutes, [])).toEqual(minutes);
  });
});
