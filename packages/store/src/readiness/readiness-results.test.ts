import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadinessState } from '@tongtang/model/readiness';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { type CheckedLesson, openReadinessResults } from './readiness-results.ts';

const log = createLog('error');
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-readiness-')), 'lessons.db');
const monday = Date.parse('2026-11-30T08:30:00+08:00') / 1000;
const day = 86_400;

function checked(start: number, state: ReadinessState = 'ready', of = 'c1'): CheckedLesson {
  const checks = [
    { item: 'pc', found: 'lost', state, from: start - 7200 },
    { item: 'disk', found: 'enough', state: 'ready', figure: 81e9 },
  ] as const;
  return { school: 'hb3z', class: of, start, readiness: { state, at: start - 900, checks } };
}

describe('the results of the checks before lessons', () => {
  it('are there again after a restart, by county and time', () => {
    const path = place();
    const results = openReadinessResults(path, log);
    results.keep('qilian', [checked(monday, 'not-ready'), checked(monday + day)]);
    results.keep('menyuan', [checked(monday, 'ready', 'c9')]);
    results.close();
    const again = openReadinessResults(path, log);
    expect(again.between('qilian', monday, monday + day)).toEqual([checked(monday, 'not-ready')]);
    expect(again.between('qilian', 0, 2 * monday)).toHaveLength(2);
    again.close();
  });

  it('are the newest of each lesson', () => {
    const results = openReadinessResults(place(), log);
    results.keep('qilian', [checked(monday, 'not-ready'), checked(monday, 'ready', 'c2')]);
    results.keep('qilian', [checked(monday, 'at-risk')]);
    expect(results.between('qilian', monday, monday + 1).map(({ readiness }) => readiness.state)).toEqual([
      'at-risk',
      'ready',
    ]);
    results.close();
  });

  it('are told of one school alone, and in short', () => {
    const results = openReadinessResults(place(), log);
    results.keep('qilian', [checked(monday, 'not-ready'), { ...checked(monday), school: 'babao' }]);
    results.keep('qilian', [checked(monday + 3600)]);
    const ofSchool = (school: string, ...starts: number[]) =>
      results.ofSchool('qilian', school, starts).map(({ start }) => start - monday);
    expect(ofSchool('babao', monday, monday + 3600)).toEqual([0]);
    expect(ofSchool('hb3z', monday + 3600, monday)).toEqual([0, 3600]);
    expect(ofSchool('hb3z')).toEqual([]);
    expect(results.heads('qilian', monday, monday + 1)).toEqual([
      { school: 'babao', class: 'c1', start: monday, at: monday - 900, state: 'ready' },
      { school: 'hb3z', class: 'c1', start: monday, at: monday - 900, state: 'not-ready' },
    ]);
    expect(results.heads('menyuan', monday, monday + 1)).toEqual([]);
    results.close();
  });

  it('are kept for 400 days', () => {
    const results = openReadinessResults(place(), log);
    results.keep('qilian', [checked(monday), checked(monday + day)]);
    results.keep('qilian', [checked(monday + 400 * day + 1)]);
    expect(results.between('qilian', 0, monday * 2).map(({ start }) => start)).toEqual([
      monday + day,
      monday + 400 * day + 1,
    ]);
    results.close();
  });

  it('begin anew where their file is damaged', () => {
    const path = place();
    writeFileSync(path, 'no database at all, and long enough to be read as a header of one'.repeat(20));
    const results = openReadinessResults(path, log);
    results.keep('qilian', [checked(monday)]);
    expect(results.between('qilian', 0, monday * 2)).toHaveLength(1);
    results.close();
  });
});
