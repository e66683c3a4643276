import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notice } from '@tongtang/model/notice';
import { openDatabase } from '@tongtang/runtime/database';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningRobot, robotKey, robotSecret, startRobot } from '../../../tests/services/robots.ts';
import { type MessageStore, openMessageStore } from './message-store.ts';
import { lessonIn, noticeOf, resolvedAfter, tuesday1002 } from './notice.fixture.ts';
import { fateOf } from './notifier.ts';
import { type NotifySettings, notifySettings } from './notify-file.ts';
import { mayGoFrom } from './route.ts';
import { migrations } from './schema.ts';
import { sendNext } from './sender.ts';
import { tryRoute } from './try-route.ts';

/** Robots over real sockets; their clock and ours is this one, in seconds. */
let now: number;
let folder: string;
let store: MessageStore;
let wecom: RunningRobot;
let dingtalk: RunningRobot;
let settings: NotifySettings;
let counted: Record<string, number>;
const log = createLog('error');

beforeEach(async () => {
  now = tuesday1002 + 20;
  folder = mkdtempSync(join(tmpdir(), 'tongtang-notify-'));
  store = openMessageStore(join(folder, 'notify.db'), log);
  wecom = await startRobot('wecom', () => now);
  dingtalk = await startRobot('dingtalk', () => now);
  counted = {};
  settings = settingsWith('');
  vi.spyOn(log, 'warn').mockReturnValue();
});
afterEach(async () => {
  store.close();
  rmSync(folder, { recursive: true });
  await wecom.stop();
  await dingtalk.stop();
  vi.restoreAllMocks();
});

function settingsWith(route: string): NotifySettings {
  const read = notifySettings(`
console: https://tongtang.example
people:
  zhang: { name: 张师傅, mobile: "13800000001" }
rosters:
  technicians: { turns: { from: 2026-08-31, days: 7, who: [zhang] } }
channels:
  group: { kind: wecom, url: "${wecom.url}" }
  staff: { kind: dingtalk, url: "${dingtalk.url}", secret: ${robotSecret}, language: en }
routes:
  - { name: all, to: [group], roster: technicians, ${route} }
  - { name: grave, to: [staff], severity: critical }
`);
  if (!read.ok) throw new Error(read.problems.join());
  return read.value;
}

/** Takes a notice as the notifier does, without its spread. */
function take(notice: Notice): void {
  const { fate, ways } = fateOf(notice, store.toldOf(notice.incident), settings, now);
  const withDue = ways.map((way) => {
    const route = settings.routes.find(({ name }) => name === way.route) ?? {};
    return { ...way, due: mayGoFrom(route, notice, now) };
  });
  store.record(notice, fate, withDue, now);
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => noticeOf({ incident: `i-${from + index}` }));

function round(name: string): Promise<number | undefined> {
  const channel = settings.channels[name];
  if (channel === undefined) throw new Error(`no channel ${name}`);
  const count = (outcome: string, messages: number) => {
    counted[outcome] = (counted[outcome] ?? 0) + messages;
  };
  return sendNext(name, channel, { settings, store, count, log, nowMs: () => now * 1000, random: () => 0 });
}

/** Does what is to be done until nothing is left or the time is over, however long it takes. */
async function runUntil(end: number, name = 'group'): Promise<void> {
  for (;;) {
    const next = await round(name);
    if (next === undefined || next > end) break;
    now = Math.max(now, next);
  }
  now = end;
}
const titles = (robot: RunningRobot = wecom) => robot.taken.map(({ text }) => text.split('\n')[0]);
const minutes = (count: number) => now + 60 * count;

describe('a notice', () => {
  it('is told once, by its routes, and calls for who is on duty', async () => {
    take(noticeOf({ lessons: [lessonIn(1080)] }));
    take(noticeOf({ lessons: [lessonIn(1080)] }));
    await runUntil(minutes(10));
    await runUntil(minutes(10), 'staff');
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断，影响 1 节课']);
    expect(wecom.taken[0]?.body).toMatchObject({ text: { mentioned_mobile_list: ['13800000001'] } });
    expect(dingtalk.asked()).toBe(0);
  });

  it('and its end are two messages, each in the language of its channel', async () => {
    take(noticeOf({ severity: 'critical' }));
    await round('group');
    await round('staff');
    now += 720;
    take(resolvedAfter(720, { severity: 'critical' }));
    await runUntil(minutes(10));
    await runUntil(minutes(10), 'staff');
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断', '【同堂】祁连县八宝小学 天网中断：已恢复']);
    expect(titles(dingtalk)).toEqual([
      '[Tongtang] Babao Primary, Qilian: satellite link down',
      '[Tongtang] Babao Primary, Qilian: satellite link down: restored',
    ]);
  });

  it('that came late is recorded and never told, and neither is its end', async () => {
    now = tuesday1002 + 7200;
    take(noticeOf());
    take(resolvedAfter(720));
    await runUntil(minutes(60));
    expect(wecom.asked()).toBe(0);
    expect(store.isKnown({ incident: 'i-7', step: 1 })).toBe(true);
    expect(store.isKnown({ incident: 'i-7', step: 2 })).toBe(true);
  });

  it('of the night is told in the morning, together with its end', async () => {
    settings = settingsWith('quiet: [{ from: "20:00", to: "07:30" }]');
    const broke = Date.parse('2026-09-02T02:10:00+08:00') / 1000;
    now = broke + 30;
    take(noticeOf({ since: broke, at: broke }));
    await runUntil(minutes(30));
    take(noticeOf({ step: 2, kind: 'resolved', since: broke, until: broke + 1200, at: broke + 1200 }));
    await runUntil(Date.parse('2026-09-02T07:29:59+08:00') / 1000);
    expect(wecom.asked()).toBe(0);
    await runUntil(minutes(1));
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断：02:10 至 02:30 中断，已恢复']);
  });

  it('about a lesson at risk goes at once, quiet or not, and takes along what waits of its incident', async () => {
    settings = settingsWith('quiet: [{ from: "20:00", to: "07:30" }]');
    now = Date.parse('2026-09-01T20:30:00+08:00') / 1000;
    take(noticeOf({ since: now - 60, at: now - 60 }));
    await round('group');
    expect(wecom.asked()).toBe(0);
    const lesson = { ...lessonIn(0), start: now + 600, end: now + 3000 };
    take(noticeOf({ step: 2, kind: 'updated', since: now - 60, at: now, lessons: [lesson] }));
    await round('group');
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断，影响 1 节课']);
    expect(store.counts()).toEqual({ waiting: 0, sent: 2, failed: 0 });
  });
});

describe('a channel that cannot be reached', () => {
  it('is tried again after one, two and five minutes, and is told once what came and went', async () => {
    wecom.cut(true);
    const tries: number[] = [];
    take(noticeOf());
    for (let next = await round('group'); tries.length < 5; next = await round('group')) {
      tries.push(wecom.asked());
      now = next ?? now;
    }
    expect(store.channelState('group')).toMatchObject({ failures: 3, why: 'no answer: ECONNRESET' });
    expect(now - tuesday1002 - 20).toBe(60 + 120);
    take(resolvedAfter(720));
    wecom.cut(false);
    await runUntil(minutes(10));
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断：10:02 至 10:14 中断，已恢复']);
    expect(store.channelState('group')).toEqual({ failures: 0, againAt: 0 });
  });

  it('is given up a day after the message could have gone, and counted', async () => {
    wecom.cut(true);
    take(noticeOf());
    await runUntil(minutes(60 * 24) + 1);
    await round('group');
    expect(store.counts()).toEqual({ waiting: 0, sent: 0, failed: 1 });
    expect(store.failed(9)).toMatchObject([{ incident: 'i-7', why: 'too old: no answer: ECONNRESET' }]);
    expect(counted.failed).toBe(1);
    expect(wecom.asked()).toBeGreaterThan(280);
  });

  it('does not wait for a time that a wrong clock showed', async () => {
    now += 30 * 86_400;
    wecom.cut(true);
    take(noticeOf({ at: now }));
    await round('group');
    wecom.cut(false);
    now -= 30 * 86_400;
    take(noticeOf({ incident: 'i-8' }));
    await runUntil(minutes(11));
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断']);
  });
});

describe('a channel that is broken', () => {
  it('is asked nothing any more, is told of, and delivers when it has been mended', async () => {
    wecom.answer({ body: '{"errcode":93000,"errmsg":"invalid webhook url"}' });
    take(noticeOf());
    await runUntil(minutes(60));
    expect(wecom.asked()).toBe(1);
    expect(store.channelState('group')).toMatchObject({
      brokenSince: tuesday1002 + 20,
      why: 'errcode 93000: invalid webhook url',
    });
    wecom.answer(undefined);
    store.tryBrokenAgain();
    await runUntil(minutes(1));
    expect(titles()).toEqual(['【同堂】祁连县八宝小学 天网中断']);
  });

  it('is mended by a trial that it takes', async () => {
    wecom.answer({ body: '{"errcode":93000,"errmsg":"invalid webhook url"}' });
    take(noticeOf());
    await round('group');
    const [route] = settings.routes;
    if (route === undefined) throw new Error('no route');
    const trial = () => tryRoute(route, settings, store, 'Asia/Shanghai', () => now * 1000);
    expect(await trial()).toMatchObject([{ channel: 'group', outcome: { ok: false, reason: 'broken' } }]);
    wecom.answer(undefined);
    expect(await trial()).toEqual([{ channel: 'group', outcome: { ok: true } }]);
    await runUntil(minutes(1));
    expect(titles()).toEqual(['【同堂】测试消息', '【同堂】祁连县八宝小学 天网中断']);
    expect(wecom.taken[0]?.text).toContain('值班：张师傅');
  });

  it('never has its key in the log', async () => {
    for (const body of [`{"errcode":93000,"errmsg":"invalid webhook url ${wecom.url}"}`, '<html>']) {
      wecom.answer({ body });
      take(noticeOf({ incident: `i-${body.length}` }));
      await round('group');
    }
    expect(log.warn).toHaveBeenCalled();
    expect(JSON.stringify(vi.mocked(log.warn).mock.calls)).not.toContain(robotKey);
  });
});

describe('a flood', () => {
  it('is five messages at most at once, the rest comes as a digest, and every notice is told once', async () => {
    for (const notice of numbered(0, 60)) {
      take(notice);
      await round('group');
      now += 1;
    }
    await runUntil(minutes(5));
    const said = wecom.taken.map(({ text }) => text).join('\n');
    for (const { incident } of numbered(0, 60))
      expect(said.match(new RegExp(`${incident}(?!\\d)`, 'g')), incident).toHaveLength(1);
    expect(wecom.taken.length).toBeLessThanOrEqual(20);
    expect(titles().slice(5)[0]).toBe('【同堂】17 起新故障');
    expect(counted.sent).toBe(60);
    expect(counted.merged).toBeGreaterThan(40);
  });

  it('never meets the limit of a robot, and keeps to it over a restart', async () => {
    for (let minute = 0; minute < 10; minute += 1) {
      for (let burst = 0; burst < 30; burst += 1) {
        take(noticeOf({ incident: `i-${minute}-${burst}`, at: now }));
        for (let next = await round('group'); next !== undefined && next <= now; )
          next = await round('group');
        now += 2;
      }
      store.close();
      store = openMessageStore(join(folder, 'notify.db'), log);
    }
    await runUntil(minutes(5));
    expect(wecom.asked()).toBe(wecom.taken.length);
    expect(store.counts()).toMatchObject({ waiting: 0, sent: 300 });
    const times = wecom.taken.map(({ at }) => at);
    for (const start of times)
      expect(times.filter((at) => at >= start && at <= start + 20).length).toBeLessThanOrEqual(5);
  });

  it('counts a send that was interrupted as if it had arrived at the last moment', () => {
    const limits = [{ sends: 2, withinS: 60 }];
    const begin = () => store.beginDelivery('group', limits, [], now);
    const first = begin();
    if ('delivery' in first) store.delivered(first.delivery, now);
    begin();
    store.close();
    store = openMessageStore(join(folder, 'notify.db'), log);
    store.resumeInterrupted();
    expect(begin()).toEqual({ notBefore: expect.closeTo(now + 60, 2) });
    now += 61;
    expect(begin()).toHaveProperty('delivery');
    expect(begin()).toEqual({ notBefore: expect.closeTo(now - 61 + 8 + 60, 2) });
  });

  it('that meets the limit all the same, because others use the robot, waits and loses nothing', async () => {
    wecom.answer({ body: '{"errcode":45009,"errmsg":"api freq out of limit"}' });
    for (const notice of numbered(0, 8)) take(notice);
    await round('group');
    wecom.answer(undefined);
    expect(await round('group')).toBe(now + 60);
    await runUntil(minutes(2));
    expect(titles()).toEqual(['【同堂】8 起新故障']);
  });

  it('with one that the robot refuses loses only that one', async () => {
    for (const notice of numbered(0, 6)) take(notice);
    wecom.answer({ body: '{"errcode":40058,"errmsg":"invalid parameter"}' });
    await round('group');
    await round('group');
    wecom.answer(undefined);
    await runUntil(minutes(5));
    expect(store.counts()).toEqual({ waiting: 0, sent: 5, failed: 1 });
    expect(store.failed(9)).toMatchObject([{ why: 'errcode 40058: invalid parameter' }]);
  });
});

describe('what is kept', () => {
  it('is forgotten after its time, but not what waits', () => {
    take(noticeOf({ about: 'forecast' }));
    now = tuesday1002 + 40 * 86_400;
    take(noticeOf({ incident: 'i-8', at: tuesday1002 }));
    store.forget(now - 30 * 86_400, 100);
    expect(store.isKnown({ incident: 'i-7', step: 1 })).toBe(true);
    store.giveUp(now - 86_400, now);
    store.forget(now - 30 * 86_400, 100);
    expect(store.isKnown({ incident: 'i-7', step: 1 })).toBe(false);
    expect(store.isKnown({ incident: 'i-8', step: 1 })).toBe(true);
  });

  it('is who was told of an incident that lasts, however long: its end goes to them', async () => {
    take(noticeOf());
    take(noticeOf({ incident: 'i-foreseen', about: 'forecast' }));
    await runUntil(minutes(5));
    now = tuesday1002 + 100 * 86_400;
    store.forget(now - 30 * 86_400, 100);
    expect(store.isKnown({ incident: 'i-foreseen', step: 1 })).toBe(false);
    take(resolvedAfter(100 * 86_400));
    await runUntil(now + 300);
    expect(titles().at(-1)).toContain('已恢复');
    // Then it is over, and forgotten as a whole.
    store.forget(now + 1, 100);
    expect([1, 2].map((step) => store.isKnown({ incident: 'i-7', step }))).toEqual([false, false]);
  });

  it('is who was told of incidents that last when many others came since, and has a bound all the same', () => {
    take(noticeOf());
    store.giveUp(now + 1, now);
    const come = (many: number, name: string, change: Partial<Notice>): void => {
      for (let n = 0; n < many; n += 1)
        store.record(noticeOf({ incident: `${name}-${n}`, ...change }), 'unrouted', [], now);
      store.forget(0, 10);
    };
    const isKept = (incident: string) => store.isKnown({ incident, step: 1 });
    come(11, 'over', { kind: 'resolved' });
    expect(store.toldOf('i-7')).toEqual([{ channel: 'group', route: 'all' }]);
    expect(['over-0', 'over-1'].map(isKept)).toEqual([false, true]);
    come(20, 'lasts', {});
    expect(['i-7', 'lasts-0'].map(isKept)).toEqual([false, true]);
  });

  it('is kept of a file that was made before it was known what lasts', async () => {
    const path = join(folder, 'older.db');
    const { database } = openDatabase(path, { migrations: migrations.slice(0, 2), durability: 'normal' });
    const older = noticeOf();
    database
      .prepare("INSERT INTO notice VALUES (1, ?, ?, ?, 'routed', ?)")
      .run(older.incident, older.step, now, JSON.stringify(older));
    database.exec("INSERT INTO message VALUES (1, 1, 'i-7', 'group', 'all', 0, 'sent', NULL, 0, NULL, 0)");
    database.close();
    const opened = openMessageStore(path, log);
    opened.forget(now + 1, 10);
    expect(opened.toldOf('i-7')).toEqual([{ channel: 'group', route: 'all' }]);
    opened.close();
  });
});
