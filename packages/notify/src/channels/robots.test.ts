import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type RobotKind,
  type RunningRobot,
  robotKey,
  robotSecret,
  startRobot,
} from '../../../../tests/services/robots.ts';
import type { Channel, Message } from '../channel.ts';
import { cutTo } from '../fit.ts';
import { channelKinds } from '../registry.ts';
import { dingtalkSignature } from './dingtalk.ts';
import { feishuSignature } from './feishu.ts';

/** The robots' clock and ours, in milliseconds. */
let nowMs = 1_788_228_000_000;
const message: Message = {
  id: 'tongtang-1',
  title: '【同堂】八宝小学 天网中断',
  body: '受影响：三(2)班 10:20 数学\n先查：1. <at user_id="all">所有人</at> @13800000002 **电源**',
  link: 'https://tongtang.example/schools/qilian/babao',
  callFor: [
    { key: 'zhang', name: '张师傅', mobile: '13800000001', feishu: 'ou_1', mail: 'zhang@example.cn' },
  ],
  notices: [],
};
const textBytes = { wecom: 2048, dingtalk: 4000, feishu: 4000 };

function channelTo(kind: RobotKind, url: string, secret = robotSecret): Channel {
  const settings = { kind, url, ...(kind !== 'wecom' && { secret }) };
  const opened = channelKinds.find((each) => each.kind === kind)?.open('group', settings);
  if (opened?.ok !== true) throw new Error(opened?.problems.join());
  return opened.value;
}

describe('signatures', () => {
  it('are those of the published examples', () => {
    expect(dingtalkSignature(1577262236757, 'this is secret')).toBe(
      'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=',
    );
    expect(dingtalkSignature(1788228000250, robotSecret)).toBe(
      'aj1Kr6TlDUH8ynW9mCAJXbyuSVIpT7Vu0VF5BLuoaZs=',
    );
    expect(feishuSignature(1599360473, 'demo')).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=');
  });
});

describe.each(['wecom', 'dingtalk', 'feishu'] as const)('a robot of %s', (kind) => {
  let robot: RunningRobot;
  let channel: Channel;
  const send = (change: Partial<Message> = {}) => channel.send({ ...message, ...change }, nowMs);
  beforeAll(async () => {
    robot = await startRobot(kind, () => nowMs / 1000);
    channel = channelTo(kind, robot.url);
  });
  afterEach(() => {
    robot.answer(undefined);
    nowMs += 3_600_000;
  });
  afterAll(() => robot.stop());

  it('takes a message, word for word', async () => {
    expect(await send()).toEqual({ ok: true });
    expect(robot.taken.at(-1)?.text).toBe(`${message.title}\n${message.body}\n${message.link}`);
  });

  it('takes signatures whatever they are made of', async () => {
    // A plus sign in the signature arrives as a blank where it is not escaped: some of these have one.
    for (let second = 0; second < 15; second += 1) {
      nowMs += 61_007;
      expect(await send()).toEqual({ ok: true });
    }
  });

  it('takes the longest message that the channel makes, whatever is in it', async () => {
    const anything = fc.string({
      unit: fc.constantFrom('课', '"', '\\', '👩‍🏫', '\n', 'a'),
      minLength: 9000,
      maxLength: 9000,
    });
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        nowMs += 61_000;
        const room = textBytes[kind] - Buffer.byteLength(`${message.title}\n\n${message.link}`);
        expect(channel.textBytes).toBe(textBytes[kind]);
        expect(await send({ body: cutTo(body, room) })).toEqual({ ok: true });
      }),
      { numRuns: 10 },
    );
  });

  it('says that it was too much, and is believed', async () => {
    const outcomes = [];
    for (let sent = 0; sent < 101; sent += 1) outcomes.push(await send());
    expect(outcomes[0]).toEqual({ ok: true });
    expect(outcomes.at(-1)).toMatchObject({ ok: false, reason: 'throttled' });
  });

  it('whose key is gone is broken, and the key is not told', async () => {
    const wrong = channelTo(kind, robot.url.replace(robotKey, '0123456789ab'));
    const outcome = await wrong.send(message, nowMs);
    expect(outcome).toMatchObject({ ok: false, reason: 'broken' });
    expect(JSON.stringify(outcome)).not.toContain('0123456789ab');
  });

  it.each([
    ['a page of a portal', { body: '<html>Please sign in</html>', type: 'text/html' }, 'unreachable'],
    ['an empty object', { body: '{}' }, 'unreachable'],
    ['nothing', { body: '' }, 'unreachable'],
    ['a portal’s way to its page', { body: '', status: 302 }, 'unreachable'],
    ['an error of a proxy', { body: 'Bad gateway', status: 502 }, 'unreachable'],
    ['success, with an error of a proxy', { body: '{"errcode":0,"code":0}', status: 502 }, 'unreachable'],
  ] as const)('that answers %s has not taken it', async (_, answer, reason) => {
    robot.answer(answer);
    expect(await send()).toMatchObject({ ok: false, reason });
  });

  it('that is not there is unreachable, and its address is not told', async () => {
    const gone = await startRobot(kind, () => nowMs / 1000);
    const nowhere = channelTo(kind, gone.url);
    await gone.stop();
    expect(await nowhere.send(message, nowMs)).toEqual({
      ok: false,
      reason: 'unreachable',
      why: 'no answer: ECONNREFUSED',
    });
  });

  it('that repeats its key or secret is told without them', async () => {
    const words = `url ${robot.url} secret ${robotSecret}`;
    robot.answer({ body: JSON.stringify({ errcode: 999, errmsg: words, code: 999, msg: words }) });
    const outcome = JSON.stringify(await send());
    expect(outcome).toContain('[secret]');
    expect(outcome).not.toContain(robotKey);
    if (kind !== 'wecom') expect(outcome).not.toContain(robotSecret);
  });
});

describe('an answer', () => {
  const judged = async (kind: RobotKind, body: unknown) => {
    const robot = await startRobot(kind, () => nowMs / 1000);
    try {
      robot.answer({ body: typeof body === 'string' ? body : JSON.stringify(body) });
      const outcome = await channelTo(kind, robot.url).send(message, nowMs);
      return outcome.ok ? 'ok' : outcome.reason;
    } finally {
      await robot.stop();
    }
  };

  it.each([
    [0, 'ok', 'ok'],
    [45009, 'api freq out of limit', 'throttled'],
    [93000, 'invalid webhook url', 'broken'],
    [40008, 'invalid message type', 'refused'],
    [40058, 'invalid parameter', 'refused'],
    [-1, 'system busy', 'unreachable'],
  ])('of WeCom: %i %s means %s', async (errcode, errmsg, meaning) => {
    expect(await judged('wecom', { errcode, errmsg })).toBe(meaning);
  });

  it.each([
    [0, 'ok', 'ok'],
    [130101, 'send too fast, exceed 20 times per minute', 'throttled'],
    [410100, 'sent', 'throttled'],
    [430104, '触发限流', 'throttled'],
    [310000, 'sign not match', 'broken'],
    [310000, 'invalid timestamp', 'broken'],
    [310000, 'keywords not in content', 'broken'],
    [310000, 'ip 1.2.3.4 not in whitelist', 'broken'],
    [300001, 'token is not exist', 'broken'],
    [300005, 'token is not exist', 'broken'],
    [400101, 'token is not exist', 'broken'],
    [400013, 'group dissolved', 'broken'],
    [400102, 'robot stopped', 'broken'],
    [400106, 'robot does not exist', 'broken'],
    [40035, '缺少参数 access_token', 'broken'],
    [400105, 'message type not supported', 'refused'],
    [-1, 'system busy', 'unreachable'],
  ])('of DingTalk: %i %s means %s', async (errcode, errmsg, meaning) => {
    expect(await judged('dingtalk', { errcode, errmsg })).toBe(meaning);
  });

  it.each([
    [{ code: 0, msg: 'success' }, 'ok'],
    [{ StatusCode: 0, StatusMessage: 'success' }, 'ok'],
    [
      {
        code: 19021,
        data: {},
        msg: 'sign match fail or timestamp is not within one hour from current time',
        StatusCode: 0,
      },
      'broken',
    ],
    [{ code: 19001, msg: 'param invalid' }, 'broken'],
    [{ code: 19007, msg: 'Bot Not Enabled' }, 'broken'],
    [{ code: 19022, msg: 'Ip Not Allowed' }, 'broken'],
    [{ code: 19024, msg: 'Key Words Not Found' }, 'broken'],
    [{ code: 11232, msg: 'frequency limited' }, 'throttled'],
    [{ code: 9499, msg: 'too many request' }, 'throttled'],
    [{ code: 9499, msg: 'Bad Request' }, 'refused'],
    ['<html>', 'unreachable'],
    ['{}', 'unreachable'],
  ])('of Feishu: %j means %s', async (body, meaning) => {
    expect(await judged('feishu', body)).toBe(meaning);
  });
});

describe('a wrong secret or clock', () => {
  it.each(['dingtalk', 'feishu'] as const)('is told as what it is by %s', async (kind) => {
    const robot = await startRobot(kind, () => nowMs / 1000);
    try {
      const wrong = await channelTo(kind, robot.url, 'SECwrong').send(message, nowMs);
      expect(wrong).toMatchObject({
        ok: false,
        reason: 'broken',
        why: expect.stringMatching(/sign (not )?match/),
      });
      const channel = channelTo(kind, robot.url);
      expect(await channel.send(message, nowMs - 3_599_000)).toEqual({ ok: true });
      const late = await channel.send(message, nowMs - 3_602_000);
      expect(late).toMatchObject({ ok: false, reason: 'broken', why: expect.stringMatching(/clock/) });
    } finally {
      await robot.stop();
    }
  });
});

describe('whoever is on duty', () => {
  it.each([
    ['wecom', { text: { mentioned_mobile_list: ['13800000001'] } }],
    ['dingtalk', { at: { atMobiles: ['13800000001'], isAtAll: false } }],
  ] as const)('is called for in %s', async (kind, expected) => {
    const robot = await startRobot(kind, () => nowMs / 1000);
    await channelTo(kind, robot.url).send(message, nowMs);
    expect(robot.taken[0]?.body).toMatchObject(expected);
    await robot.stop();
  });

  it('is called for in Feishu, and a name with a tag in it calls for nobody', async () => {
    const robot = await startRobot('feishu', () => nowMs / 1000);
    await channelTo('feishu', robot.url).send(message, nowMs);
    const parts = JSON.stringify(robot.taken[0]?.body);
    expect(parts.match(/"tag":"at"/g)).toHaveLength(1);
    expect(parts).toContain('{"tag":"at","user_id":"ou_1"}');
    await robot.stop();
  });
});
