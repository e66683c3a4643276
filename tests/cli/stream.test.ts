import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeLesson, sendLesson } from '../services/ffmpeg.ts';
import { tongtang } from '../services/tongtang.ts';

/** A stream measured by hand, as a technician on site does; the probe itself is tested in packages/probes. */

const folder = mkdtempSync(join(tmpdir(), 'tongtang-stream-'));
const lesson = join(folder, 'lesson.ts');
beforeAll(() => encodeLesson(lesson, 8));
afterAll(() => rmSync(folder, { recursive: true }));

const ask = (target: string, words: readonly string[] = [], input?: Buffer) =>
  tongtang(['agent', 'probe', 'mpegts', '--target', target, ...words], {}, input);

describe('tongtang agent probe mpegts', () => {
  it('says the same of a file and of standard input', async () => {
    const [file, piped] = [await ask(lesson), await ask('-', [], readFileSync(lesson))];
    expect(file.stdout).toMatch(/Success +true[\s\S]*Programmes +1\n/);
    const said = (text: string) =>
      text
        .split('\n')
        .slice(1)
        .filter((line) => !line.includes('Duration'));
    expect(said(piped.stdout)).toEqual(said(file.stdout));
    expect([file.code, piped.code]).toEqual([0, 0]);
  });

  it('listens to a group for six seconds', async () => {
    const url = `udp://239.${process.pid % 256}.11.1:${20_000 + (process.pid % 10_000)}`;
    const [heard] = await Promise.all([
      ask(`${url}?interface=127.0.0.1`, ['--json']),
      sendLesson(lesson, url),
    ]);
    expect(JSON.parse(heard.stdout)).toMatchObject({
      measurement: 'mpegts',
      tags: { link: 'stream' },
      fields: { ok: true, programmes: 1, pids: 5, continuity_errors: 0 },
    });
  });

  it('says so where nothing comes, and ends with an error', async () => {
    const silent = await ask('udp://239.255.11.2:20000?interface=127.0.0.1');
    expect([silent.code, silent.stdout]).toEqual([
      1,
      expect.stringMatching(/Failure source +path\n +Error +no stream/),
    ]);
  });
}, 60_000);
