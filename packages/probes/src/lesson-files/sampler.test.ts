import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleLessonFiles } from './sampler.ts';

const log = createLog('error');
const nowS = 1_790_000_000;
const sample = async (path: string) => (await sampleLessonFiles(path, log, () => nowS * 1000))[0]?.fields;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-录播 '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, ageS: number): void {
  writeFileSync(join(folder, name), '');
  utimesSync(join(folder, name), nowS - ageS, nowS - ageS);
}

describe('the folder of recorded lessons', () => {
  it('tells how many lie in it, and how old the newest is', async () => {
    put('2026-09-01 数学.mp4', 90_000);
    put('2026-09-02 数学.mp4', 3600);
    mkdirSync(join(folder, '旧'));
    utimesSync(join(folder, '旧'), nowS - 500_000, nowS - 500_000);
    expect(await sample(folder)).toEqual({ readable: true, entries: 3, newest_age_s: 3600 });
  });

  it('shows by a folder within it that something was put there', async () => {
    put('a.mp4', 90_000);
    mkdirSync(join(folder, '2026-09-02'));
    utimesSync(join(folder, '2026-09-02'), nowS - 60, nowS - 60);
    expect(await sample(folder)).toEqual({ readable: true, entries: 2, newest_age_s: 60 });
  });

  it('is empty with nothing but what the system puts there', async () => {
    put('desktop.ini', 10);
    put('Thumbs.db', 10);
    expect(await sample(folder)).toEqual({ readable: true, entries: 0 });
  });

  it('has nothing of the future', async () => {
    put('a.mp4', -500);
    expect(await sample(folder)).toEqual({ readable: true, entries: 1, newest_age_s: 0 });
  });

  it('that is not there is not readable', async () => {
    expect(await sample(join(folder, 'gone'))).toEqual({ readable: false });
    put('a.mp4', 10);
    expect(await sample(join(folder, 'a.mp4'))).toEqual({ readable: false });
  });
});
