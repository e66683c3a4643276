import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../tests/services/eventually.ts';
import { type RunningRobot, startRobot } from '../../../tests/services/robots.ts';
import { openMessageStore } from './message-store.ts';
import { lessonIn, noticeOf, tuesday1002 } from './notice.fixture.ts';
import { type Notifier, startNotifier } from './notifier.ts';
import { notifySettings } from './notify-file.ts';

let folder: string;
let path: string;
let robot: RunningRobot;
let notifier: Notifier | undefined;
const log = createLog('error');
/** The robot's clock and ours, in seconds. */
let now: number;
beforeEach(async () => {
  now = tuesday1002 + 20;
  folder = mkdtempSync(join(tmpdir(), 'tongtang-notify-'));
  path = join(folder, 'notify.db');
  robot = await startRobot('wecom', () => now);
});
afterEach(async () => {
  await notifier?.stop();
  await robot.stop();
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

function start(random: number): Notifier {
  const settings = notifySettings(`
console: https://tongtang.example
channels: { group: { kind: wecom, url: "${robot.url}" } }
routes: [{ name: all, to: [group] }]
`);
  if (!settings.ok) throw new Error(settings.problems.join());
  const parts = { path, settings: settings.value, count: () => {}, log, random: () => random };
  notifier = startNotifier({ ...parts, nowMs: () => now * 1000 });
  return notifier;
}
const isTold = (messages: number) =>
  eventually('told', async () => (robot.taken.length === messages ? true : undefined), 20_000);

describe('a notifier', () => {
  it('tells of a lesson at risk at once', async () => {
    start(1).take(noticeOf({ lessons: [lessonIn(600)] }));
    await isTold(1);
  });

  it.each([
    [0, 2],
    [1, 15],
  ])('waits with what concerns no lesson: %d → %d s', async (random, waitS) => {
    start(random).take(noticeOf());
    const store = openMessageStore(path, log);
    expect(store.nextDue('group')).toBe(now + waitS);
    store.close();
    expect(robot.asked()).toBe(0);
    now += waitS;
    // Whatever comes makes it look.
    notifier?.take(noticeOf({ incident: 'i-8' }));
    await isTold(1);
    expect(robot.taken[0]?.text).toContain('i-7');
  });

  it('tells what waited when the last process ended', async () => {
    start(1).take(noticeOf());
    await notifier?.stop();
    expect(robot.asked()).toBe(0);
    now += 3600;
    start(1);
    await isTold(1);
  });

  it('says how many wait and which channels are broken', async () => {
    robot.answer({ body: '{"errcode":93000,"errmsg":"invalid webhook url"}' });
    vi.spyOn(log, 'warn').mockReturnValue();
    start(1).take(noticeOf({ lessons: [lessonIn(600)] }));
    await eventually('broken', async () => (notifier?.state().broken === 1 ? true : undefined), 20_000);
    expect(notifier?.state()).toEqual({ waiting: 1, broken: 1 });
  });

  it('sets a damaged file aside, says so, and goes on with an empty one', async () => {
    writeFileSync(path, 'not a database, but long enough to be one'.repeat(200));
    const error = vi.spyOn(log, 'error').mockReturnValue();
    start(1).take(noticeOf({ lessons: [lessonIn(600)] }));
    await isTold(1);
    expect(JSON.stringify(error.mock.calls)).toContain('set aside');
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('keeps its file to its user', () => {
    start(1);
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(path + suffix)) expect(statSync(path + suffix).mode & 0o077).toBe(0);
  });
});
