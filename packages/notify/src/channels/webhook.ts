import { createHmac } from 'node:crypto';
import { Type } from 'typebox';
import { channelKind, everyChannel, type Message, textOf } from '../channel.ts';
import { failure } from '../outcome.ts';
import { PostAddress, post, statusFailure } from '../post.ts';

const secretPrefix = 'whsec_';

const Settings = Type.Object(
  {
    ...everyChannel,
    url: PostAddress,
    secret: Type.String({
      pattern: `^${secretPrefix}(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`,
      maxLength: 200,
      form: 'must be "whsec_" and 24 bytes or more as base64',
    }),
  },
  { additionalProperties: false },
);

/**
 * Any program that takes JSON, signed as Standard Webhooks has it (github.com/standard-webhooks/standard-webhooks, v1): there are
 * libraries that check it in many languages.
 */
export const webhook = channelKind('webhook', Settings, ({ url, secret }) => ({
  limits: [{ sends: 60, withinS: 60 }],
  textBytes: 4000,
  async send(message, nowMs) {
    const body = bodyOf(message);
    const timestampS = Math.floor(nowMs / 1000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': webhookSignature(message.id, timestampS, body, secret),
    };
    const result = await post(url, headers, body);
    if (!('answer' in result)) return result;
    const failed = statusFailure(result.answer);
    if (failed !== undefined) return failed;
    if (result.answer.type.startsWith('text/html'))
      return failure('unreachable', 'answered with a page: a portal, perhaps');
    return { ok: true };
  },
}));

/**
 * `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
 * @param timestampS seconds since 1970
 * @param secret `whsec_` and the key as base64
 */
export function webhookSignature(id: string, timestampS: number, body: string, secret: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

function bodyOf(message: Message): string {
  const { title, link, notices, callFor } = message;
  return JSON.stringify({
    type: 'tongtang.notices',
    data: { title, text: textOf(message), link, onDuty: callFor.map(({ name }) => name), notices },
  });
}
