import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningMailServer, startMailServer } from '../../../tests/services/chasquid.ts';
import { eventually } from '../../../tests/services/eventually.ts';
import { sendNextLetter } from './letter-sender.ts';
import type { Letter } from './letters.ts';
import { type MessageStore, openMessageStore } from './message-store.ts';
import { startNotifier } from './notifier.ts';
import { type NotifySettings, notifySettings } from './notify-file.ts';

const log = createLog('error');
const day = 86_400;
let server: RunningMailServer;
let folder: string;
let path: string;
let store: MessageStore;
let now: number;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-letters-'));
  path = join(folder, 'notify.db');
  store = openMessageStore(path, log);
  now = 1_796_000_000;
  vi.spyOn(log, 'warn').mockReturnValue();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

function settings(port = server.submissionPort): NotifySettings {
  const read = notifySettings(`
console: https://tongtang.example/
channels:
  program: { kind: webhook, url: "http://127.0.0.1:1/x", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3 }
  mailbox: { kind: mail, host: localhost, port: ${port}, security: starttls, user: "${server.user}", password: "${server.password}", ca: "${server.ca}", from: "${server.user}", to: ["zhang@school.example"] }
routes:
  - { name: all, to: [mailbox] }
`);
  if (!read.ok) throw new Error(read.problems.join());
  return read.value;
}

function letter(id: string, more: Partial<Letter> = {}): Letter {
  return {
    id,
    to: 'li@school.example',
    subject: '【同堂】祁连县 2026年11月 报告',
    text: 'the report',
    againText: 'again',
    enclosures: [
      { name: '报告.pdf', type: 'application/pdf', content: Buffer.from('%PDF-1') },
      { name: '报告.xlsx', type: 'application/octet-stream', content: Buffer.from('PK') },
    ],
    ...more,
  };
}

function next(given = settings()) {
  const { mailbox } = given.channels;
  if (mailbox === undefined) throw new Error('no mailbox');
  const parts = { settings: given, store, count: () => {}, log, nowMs: () => now * 1000, random: () => 0 };
  return sendNextLetter('mailbox', mailbox, parts);
}

const mailsOf = (id: string): string[] =>
  server.delivered().filter((mail) => mail.includes(`<${id}@school.example>`));
const mailOf = (id: string) => eventually(`mail ${id}`, () => mailsOf(id)[0]);

describe('a letter', () => {
  it('reaches its one reader with its files, through the first mailbox there is', async () => {
    const notifier = startNotifier({ path, settings: settings(), count: () => {}, log });
    expect(notifier.console).toBe('https://tongtang.example');
    notifier.post?.(letter('l-1'));
    notifier.post?.(letter('l-1', { text: 'of the same id: it changes nothing' }));
    const mail = await mailOf('l-1');
    await eventually('sent', () => notifier.letter('l-1')?.state === 'sent' || undefined);
    await notifier.stop();
    expect(mail).toMatch(/^To: li@school.example/m);
    expect(mail).not.toMatch(/zhang@/);
    expect(mail).toContain('the report');
    expect(mail).toContain(Buffer.from('%PDF-1').toString('base64'));
    expect(mail.match(/^Content-Disposition: attachment/gim)).toHaveLength(2);
    expect(mailsOf('l-1')).toHaveLength(1);
  });

  it('waits on disk with files that others share, and leaves none behind', async () => {
    const files = (): unknown => {
      const database = new DatabaseSync(path, { readOnly: true });
      const count = database.prepare('SELECT count(*) AS count FROM enclosure').get()?.count;
      database.close();
      return count;
    };
    store.keepLetter(letter('l-2'), now);
    store.keepLetter(letter('l-3'), now);
    expect(files()).toBe(2);
    await next();
    expect([store.letterState('l-2'), files()]).toEqual([{ state: 'sent' }, 2]);
    await next();
    expect([store.letterState('l-3'), files()]).toEqual([{ state: 'sent' }, 0]);
    expect(await next()).toBeUndefined();
  });

  it('that was under way at a kill is sent again under its id, and says so', async () => {
    store.keepLetter(letter('l-4'), now);
    store.beginLetter('l-4', now);
    expect(await next()).toBeUndefined();
    store.resumeLetters();
    await next();
    expect(await mailOf('l-4')).toContain('again');
  });

  it('to nobody whom the server knows is given up, and those behind it go', async () => {
    store.keepLetter(letter('l-5', { to: 'nobody@school.example' }), now - 1);
    store.keepLetter(letter('l-6'), now);
    await next();
    expect(store.letterState('l-5')).toMatchObject({ state: 'failed', why: expect.stringMatching(/5\d\d/) });
    await next();
    expect(store.letterState('l-6')).toEqual({ state: 'sent' });
  });

  it('waits for a server that is not there, a week long', async () => {
    store.keepLetter(letter('l-7'), now);
    const unreachable = settings(1);
    await next(unreachable);
    expect(store.letterState('l-7')).toMatchObject({
      state: 'waiting',
      why: expect.stringContaining('no answer'),
    });
    // Before that it is not tried again.
    expect(await next(unreachable)).toBe(now + 60);
    now += 7 * day + 1;
    await next(unreachable);
    expect(store.letterState('l-7')).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('too old'),
    });
    store.forgetLetters(now + 1);
    expect(store.letterState('l-7')).toBeUndefined();
  });

  it('cannot be taken where no channel encloses files', async () => {
    const { channels, ...others } = settings();
    const { mailbox: _, ...robots } = channels;
    const notifier = startNotifier({ path, settings: { ...others, channels: robots }, count: () => {}, log });
    expect(notifier.post).toBeUndefined();
    await notifier.stop();
  });
});
