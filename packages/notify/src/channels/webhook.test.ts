import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ranAgainst } from '../../../../tests/services/components.ts';
import type { Message } from '../channel.ts';
import { noticeOf } from '../notice.fixture.ts';
import { webhook } from './webhook.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const message: Message = {
  id: 'tongtang-1',
  title: '【同堂】天网中断',
  body: '先查：电源',
  link: 'https://tongtang.example/',
  callFor: [{ key: 'zhang', name: '张师傅' }],
  notices: [noticeOf()],
};

/** A receiver that checks with the library of Standard Webhooks, as a receiver would. */
let got: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer = { status: 204, type: '' };
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  got.push({ headers: request.headers, body });
  response.writeHead(answer.status, answer.type === '' ? {} : { 'content-type': answer.type }).end();
});
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  url = `http://127.0.0.1:${address.port}/hook`;
  ranAgainst('standardwebhooks (library for receivers)');
});
beforeEach(() => {
  got = [];
  answer = { status: 204, type: '' };
});
afterAll(() => server.close());

async function send(nowMs = Date.now()) {
  const opened = webhook.open('program', { kind: 'webhook', url, secret });
  if (!opened.ok) throw new Error(opened.problems.join());
  return opened.value.send(message, nowMs);
}
const headersOf = ({ headers }: (typeof got)[number]) => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
});

describe('a webhook', () => {
  it('is taken by a receiver that checks it, with the notices as data', async () => {
    expect(await send()).toEqual({ ok: true });
    const [taken] = got;
    if (taken === undefined) throw new Error('nothing came');
    expect(new Webhook(secret).verify(taken.body, headersOf(taken))).toEqual({
      type: 'tongtang.notices',
      data: {
        title: '【同堂】天网中断',
        text: '【同堂】天网中断\n先查：电源\nhttps://tongtang.example/',
        link: 'https://tongtang.example/',
        onDuty: ['张师傅'],
        notices: [noticeOf()],
      },
    });
  });

  it('is refused by it when a letter, the secret or the time is another', async () => {
    await send();
    await send(Date.now() - 600_000);
    const [taken, old] = got;
    if (taken === undefined || old === undefined) throw new Error('nothing came');
    const refused = [
      () => new Webhook(secret).verify(taken.body.replace('电源', '电视'), headersOf(taken)),
      () =>
        new Webhook(`whsec_${Buffer.from('another secret of 24 let').toString('base64')}`).verify(
          taken.body,
          headersOf(taken),
        ),
      () => new Webhook(secret).verify(old.body, headersOf(old)),
    ];
    for (const verify of refused) expect(verify).toThrow(WebhookVerificationError);
  });

  it.each([
    [{ status: 200, type: 'application/json' }, { ok: true }],
    [{ status: 200, type: 'text/html; charset=utf-8' }, { reason: 'unreachable' }],
    [{ status: 302, type: '' }, { reason: 'unreachable' }],
    [{ status: 401, type: '' }, { reason: 'broken' }],
    [{ status: 413, type: '' }, { reason: 'refused' }],
    [{ status: 429, type: '' }, { reason: 'throttled' }],
    [{ status: 503, type: '' }, { reason: 'unreachable' }],
  ])('that is answered by %j: %j', async (given, expected) => {
    answer = given;
    expect(await send()).toMatchObject(expected);
  });
});
