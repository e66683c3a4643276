import { createHmac } from 'node:crypto';
import { Type } from 'typebox';
import { channelKind, everyChannel, type Message, textOf } from '../channel.ts';
import { failure, type Outcome } from '../outcome.ts';
import { PostAddress, post } from '../post.ts';
import { judged, said, saysTooMuch } from '../robot-answer.ts';

const Settings = Type.Object(
  {
    ...everyChannel,
    url: Type.Intersect([
      PostAddress,
      Type.String({
        pattern: '[?&]access_token=\\w+',
        form: 'must be the whole address that DingTalk shows, with access_token=…',
      }),
    ]),
    /** Shown with 加签, begins with SEC. */
    secret: Type.String({ minLength: 4, maxLength: 200 }),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({ errcode: Type.Integer(), errmsg: Type.Optional(Type.String()) });

/** A group robot of DingTalk (钉钉), protected by a signature (加签). */
export const dingtalk = channelKind('dingtalk', Settings, ({ url, secret }) => ({
  limits: [{ sends: 20, withinS: 60 }],
  // Of 20,000 for the whole body, in which a quotation mark takes two.
  textBytes: 4000,
  async send(message, nowMs) {
    const address = new URL(url);
    const token = address.searchParams.get('access_token') ?? '';
    address.searchParams.set('timestamp', String(nowMs));
    address.searchParams.set('sign', dingtalkSignature(nowMs, secret));
    const result = await post(address.href, { 'content-type': 'application/json' }, bodyOf(message));
    if (!('answer' in result)) return result;
    return judged(result.answer, Answer, ({ errcode, errmsg = '' }) =>
      outcomeOf(errcode, errmsg, said(`errcode ${errcode}: ${errmsg}`, [token, secret])),
    );
  },
}));

/** Base64 of HMAC-SHA256 over time and secret, by the secret. @param timestampMs milliseconds since 1970 */
export function dingtalkSignature(timestampMs: number, secret: string): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
}

function bodyOf(message: Message): string {
  const atMobiles = message.callFor.flatMap(({ mobile }) => mobile ?? []);
  return JSON.stringify({
    msgtype: 'text',
    text: { content: textOf(message) },
    at: { atMobiles, isAtAll: false },
  });
}

/** Of the robot or its group: nothing will get through. */
const brokenCodes = [310000, 300001, 300005, 400101, 400013, 400102, 400106, 40035, 43002, 43004];

function outcomeOf(code: number, words: string, why: string): Outcome {
  if (code === 0) return { ok: true };
  if (code === 130101 || code === 410100 || saysTooMuch(words)) return failure('throttled', why);
  if (code === -1) return failure('unreachable', why);
  if (code === 310000 && /timestamp/i.test(words))
    return failure('broken', `${why} (is the hub’s clock right?)`);
  return failure(brokenCodes.includes(code) ? 'broken' : 'refused', why);
}
