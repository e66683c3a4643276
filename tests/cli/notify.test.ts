import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMessageStore } from '@tongtang/notify/message-store';
import { noticeOf, tuesday1002 } from '@tongtang/notify/notice.fixture';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailServer } from '../services/chasquid.ts';
import { eventually } from '../services/eventually.ts';
import { type RunningRobot, robotKey, robotSecret, startRobot } from '../services/robots.ts';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';

let data: ReturnType<typeof dataFolder>;
let robot: RunningRobot;
beforeEach(async () => {
  data = dataFolder();
  robot = await startRobot('dingtalk', () => Date.now() / 1000);
  writeFileSync(
    join(data.path, 'notify.yaml'),
    `console: https://tongtang.example
channels: { staff: { kind: dingtalk, url: "${robot.url}", secret: ${robotSecret} } }
routes: [{ name: all, to: [staff] }]
`,
    { mode: 0o600 },
  );
});
afterEach(async () => {
  await robot.stop();
  data.remove();
});

const notify = (...words: string[]) =>
  tongtang(['notify', ...words, '--data', data.path], { LC_ALL: 'en_US.UTF-8', TZ: 'Asia/Shanghai' });

describe('tongtang notify test', () => {
  it('sends to every channel of the route and says what each answered', async () => {
    expect(await notify('test', 'all')).toMatchObject({ code: 0, stdout: 'staff\tsent\n' });
    expect(robot.taken[0]?.text).toContain('测试消息');
  });

  it('fails where one does not take it, and does not tell its key', async () => {
    robot.answer({ body: `{"errcode":300005,"errmsg":"token ${robotKey} is not exist"}` });
    const { code, output } = await notify('test', 'all');
    expect(code).toBe(1);
    expect(output).toBe('staff\tbroken: errcode 300005: token [secret] is not exist\n');
  });

  it('says who of several did not get a mail, by the place in the file', async () => {
    const server = await startMailServer();
    try {
      const { submissionPort: port, user, password, ca } = server;
      const login = `user: "${user}", password: "${password}", ca: "${ca}", from: "${user}"`;
      writeFileSync(
        join(data.path, 'notify.yaml'),
        `console: https://tongtang.example
channels: { staff: { kind: mail, host: localhost, port: ${port}, security: starttls, ${login}, to: [li@school.example, nobody@school.example] } }
routes: [{ name: all, to: [staff] }]
`,
      );
      const tried = await notify('test', 'all');
      expect(tried).toMatchObject({ code: 0, output: 'staff\tsent, but not taken for to[1] (550 5.1.1)\n' });
      expect((await notify('show')).stdout).toContain('staff  works  not taken for to[1] (550 5.1.1)\n');
    } finally {
      await server.stop();
    }
  });

  it('keeps the limits that the hub keeps', async () => {
    const store = openMessageStore(join(data.path, 'hub', 'notify.db'), createLog('error'));
    for (let sent = 0; sent < 5; sent += 1) {
      const begun = store.beginDelivery('staff', [], [], Date.now() / 1000);
      if ('delivery' in begun) store.delivered(begun.delivery, Date.now() / 1000);
    }
    store.close();
    const { code, stdout } = await notify('test', 'all');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^staff\tnot sent: its limit is reached, try again in \d+ s\n$/);
    expect(robot.asked()).toBe(0);
  });

  it('names the routes that there are', async () => {
    expect((await notify('test', 'al')).output).toBe('There is no route "al"; there are: all\n');
  });
});

describe('tongtang notify show', () => {
  it('says what waits, what failed, and why', async () => {
    const store = openMessageStore(join(data.path, 'hub', 'notify.db'), createLog('error'));
    const way = { channel: 'staff', route: 'all', due: tuesday1002 };
    store.record(noticeOf({ incident: 'i-1' }), 'routed', [way], tuesday1002);
    store.giveUp(tuesday1002 + 60, tuesday1002 + 60);
    store.record(noticeOf({ incident: 'i-2' }), 'routed', [way], tuesday1002);
    store.keepChannelState('staff', {
      failures: 1,
      againAt: 0,
      brokenSince: tuesday1002,
      why: 'errcode 310000: sign not match',
    });
    store.close();
    expect((await notify('show')).stdout).toBe(
      `1 waiting, 0 sent, 1 failed

Channels
  staff  broken since 2026-09-01 10:02: somebody has to change something  errcode 310000: sign not match

Waiting (with the time before which they do not go)
  2026-09-01 10:02  i-2  all → staff  errcode 310000: sign not match

Failed (the newest first)
  2026-09-01 10:03  i-1  all → staff  too old: the channel was never reached
`,
    );
  });

  it('says that there is nothing yet', async () => {
    expect(await notify('show')).toMatchObject({
      code: 1,
      output: expect.stringContaining('No hub with a notify file'),
    });
  });
});

describe('tongtang hub', () => {
  it('sends what waits in its data folder as soon as there is a notify.yaml', async () => {
    mkdirSync(join(data.path, 'hub'));
    const store = openMessageStore(join(data.path, 'hub', 'notify.db'), createLog('error'));
    const now = Date.now() / 1000;
    store.record(noticeOf(), 'routed', [{ channel: 'staff', route: 'all', due: now }], now);
    store.close();
    const hub = await startTestHub(data.path);
    try {
      await eventually('told', async () => (robot.taken.length === 1 ? true : undefined), 20_000);
      expect(hub.process().output()).not.toContain(robotKey);
    } finally {
      await hub.process().stop();
    }
  });
});
