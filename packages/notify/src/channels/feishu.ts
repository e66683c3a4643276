import { createHmac } from 'node:crypto';
import { Type } from 'typebox';
import { channelKind, everyChannel, type Message } from '../channel.ts';
import { failure, type Outcome } from '../outcome.ts';
import { PostAddress, post } from '../post.ts';
import { judged, said, saysTooMuch } from '../robot-answer.ts';

const Settings = Type.Object(
  {
    ...everyChannel,
    url: Type.Intersect([
      PostAddress,
      Type.String({
        pattern: '/open-apis/bot/v2/hook/[\\w-]+$',
        form: 'must be the whole address that Feishu shows, with /open-apis/bot/v2/hook/…',
      }),
    ]),
    /** Shown with 签名校验. */
    secret: Type.String({ minLength: 4, maxLength: 200 }),
  },
  { additionalProperties: false },
);

/** `StatusCode` is what older robots answer; newer ones answer both, and 0 there even to a failure. */
const Answer = Type.Union([
  Type.Object({ code: Type.Integer(), msg: Type.Optional(Type.String()) }),
  Type.Object({ StatusCode: Type.Integer(), StatusMessage: Type.Optional(Type.String()) }),
]);

/** A group robot of Feishu (飞书) or Lark, protected by a signature (签名校验). */
export const feishu = channelKind('feishu', Settings, ({ url, secret }) => ({
  limits: [
    { sends: 5, withinS: 1 },
    { sends: 100, withinS: 60 },
  ],
  // Of 20 KB for the whole body, in which each line takes 30 bytes more and a quotation mark two.
  textBytes: 4000,
  async send(message, nowMs) {
    const body = bodyOf(message, Math.floor(nowMs / 1000), secret);
    const result = await post(url, { 'content-type': 'application/json' }, body);
    if (!('answer' in result)) return result;
    const token = url.slice(url.lastIndexOf('/') + 1);
    return judged(result.answer, Answer, (answer) => {
      const [code, words] =
        'code' in answer ? [answer.code, answer.msg ?? ''] : [answer.StatusCode, answer.StatusMessage ?? ''];
      return outcomeOf(code, words, said(`code ${code}: ${words}`, [token, secret]));
    });
  },
}));

/**
 * Base64 of HMAC-SHA256 over nothing, by time and secret: the roles are not those of DingTalk.
 * @param timestampS seconds since 1970
 */
export function feishuSignature(timestampS: number, secret: string): string {
  return createHmac('sha256', `${timestampS}\n${secret}`).update('').digest('base64');
}

/** As a post: its texts are taken as they are, where a plain text reads `<at …>` in a name as a call for all. */
function bodyOf({ title, body, link, callFor }: Message, timestampS: number, secret: string): string {
  const lines = body.split('\n').map((text) => [{ tag: 'text', text }]);
  const people = callFor.flatMap(({ feishu }) => feishu ?? []).map((id) => ({ tag: 'at', user_id: id }));
  const content = [...lines, [{ tag: 'a', text: link, href: link }], ...(people.length > 0 ? [people] : [])];
  return JSON.stringify({
    timestamp: String(timestampS),
    sign: feishuSignature(timestampS, secret),
    msg_type: 'post',
    content: { post: { zh_cn: { title, content } } },
  });
}

/** Token, robot, signature, address, keyword: nothing will get through. */
const brokenCodes = [19001, 19007, 19021, 19022, 19024];

function outcomeOf(code: number, words: string, why: string): Outcome {
  if (code === 0) return { ok: true };
  if (code === 11232 || saysTooMuch(words)) return failure('throttled', why);
  if (code === 19021) return failure('broken', `${why} (secret wrong, or the hub’s clock?)`);
  return failure(brokenCodes.includes(code) ? 'broken' : 'refused', why);
}
