import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notice } from '@tongtang/model/notice';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningMailServer, startMailServer } from '../../../tests/services/chasquid.ts';
import { eventually } from '../../../tests/services/eventually.ts';
import { type MessageStore, openMessageStore } from './message-store.ts';
import { noticeOf, resolvedAfter, tuesday1002 } from './notice.fixture.ts';
import { fateOf } from './notifier.ts';
import { type NotifySettings, notifySettings } from './notify-file.ts';
import { sendNext } from './sender.ts';
import { tryRoute } from './try-route.ts';

const log = createLog('error');
const living = ['zhang@school.example', 'li@school.example'];
const dead = 'nobody@school.example';
const note = 'not taken for to[1] (550 5.1.1)';
let server: RunningMailServer;
let folder: string;
let store: MessageStore;
/** Ours, in seconds. */
let now: number;
let counted: Record<string, number>;
/** What was in the mailboxes before. */
let before: readonly string[];
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-mailbox-'));
  store = openMessageStore(join(folder, 'notify.db'), log);
  now = tuesday1002 + 20;
  counted = {};
  before = server.delivered();
  vi.spyOn(log, 'warn').mockReturnValue();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** One channel, by mail to these. */
function settingsFor(to: readonly string[]): NotifySettings {
  const read = notifySettings(`
console: https://tongtang.example
channels:
  mailbox: { kind: mail, host: localhost, port: ${server.submissionPort}, security: starttls, user: "${server.user}", password: "${server.password}", ca: "${server.ca}", from: "${server.user}", to: ${JSON.stringify(to)} }
routes:
  - { name: all, to: [mailbox] }
`);
  if (!read.ok) throw new Error(read.problems.join());
  return read.value;
}

const [zhang = '', li = ''] = living;
const withDead = (): NotifySettings => settingsFor([zhang, dead, li]);

/** Takes notices as the notifier does, and sends until nothing waits. */
async function tell(notices: readonly Notice[], settings: NotifySettings): Promise<void> {
  for (const notice of notices) {
    const { fate, ways } = fateOf(notice, store.toldOf(notice.incident), settings, now);
    store.record(
      notice,
      fate,
      ways.map((way) => ({ ...way, due: now })),
      now,
    );
  }
  const { mailbox } = settings.channels;
  if (mailbox === undefined) throw new Error('no mailbox');
  const count = (outcome: string, messages: number) => {
    counted[outcome] = (counted[outcome] ?? 0) + messages;
  };
  const parts = { settings, store, count, log, nowMs: () => now * 1000, random: () => 0 };
  for (let next: number | undefined = now; next !== undefined; ) {
    next = await sendNext('mailbox', mailbox, parts);
    now = Math.max(now, next ?? now);
  }
}

/** Titles of what came into the mailboxes since the test began, when so many are there: each once for each of the living. */
const titlesOf = (mails: number) =>
  eventually(
    `${mails} mails`,
    () => {
      const came = server.delivered().filter((mail) => !before.includes(mail));
      return came.length >= mails ? came.map(titleOf).toSorted() : undefined;
    },
    20_000,
  );

function titleOf(mail: string): string {
  const parts = [...mail.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)];
  return parts.map(([, part = '']) => Buffer.from(part, 'base64').toString('utf8')).join('');
}

const four = ['i-1', 'i-2', 'i-3', 'i-4'];
const broke = four.map((incident) => noticeOf({ incident }));
const over = four.map((incident) => resolvedAfter(720, { incident }));

describe('a mail to two mailboxes that live and one that does not', () => {
  it('is told once, and so is the end of what it told', async () => {
    await tell(broke, withDead());
    expect(store.counts()).toEqual({ waiting: 0, sent: 4, failed: 0 });
    expect(counted).toEqual({ sent: 4, merged: 4, failed: 0 });
    now = tuesday1002 + 720;
    await tell(over, withDead());
    expect(store.counts()).toEqual({ waiting: 0, sent: 8, failed: 0 });
    expect(await titlesOf(4)).toEqual([
      '【同堂】4 起已恢复',
      '【同堂】4 起已恢复',
      '【同堂】4 起新故障',
      '【同堂】4 起新故障',
    ]);
  });

  it('leaves in log and channel who did not get it, by its place in the notify file, until all do', async () => {
    await tell(broke, withDead());
    expect(store.channelState('mailbox')).toEqual({ failures: 0, againAt: 0, why: note });
    expect(vi.mocked(log.warn).mock.calls).toEqual([
      [{ channel: 'mailbox', note, messages: 4 }, 'a message was not taken for everybody'],
    ]);
    await tell(over, settingsFor(living));
    expect(store.channelState('mailbox')).toEqual({ failures: 0, againAt: 0 });
    await titlesOf(4);
  });

  it('for trying says the same', async () => {
    const [route] = withDead().routes;
    if (route === undefined) throw new Error('no route');
    const trial = await tryRoute(route, withDead(), store, 'Asia/Shanghai', () => now * 1000);
    expect(trial).toEqual([{ channel: 'mailbox', outcome: { ok: true, note } }]);
    expect(store.channelState('mailbox')).toMatchObject({ why: note });
    expect(await titlesOf(2)).toEqual(Array(2).fill('【同堂】测试消息'));
  });
});

describe('a mail to no mailbox that lives', () => {
  it('is given up, and the end of what nobody was told says when it was', async () => {
    const [first] = broke;
    const [end] = over;
    if (first === undefined || end === undefined) throw new Error('no notice');
    await tell([first], settingsFor([dead]));
    expect(store.failed(9)).toMatchObject([{ incident: 'i-1', why: expect.stringMatching(/^550/) }]);
    now = tuesday1002 + 720;
    await tell([end], settingsFor(living));
    expect(await titlesOf(2)).toEqual(
      Array(2).fill('【同堂】祁连县八宝小学 天网中断：10:02 至 10:14 中断，已恢复'),
    );
  });
});
