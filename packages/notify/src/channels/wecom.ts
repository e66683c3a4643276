import { Type } from 'typebox';
import { channelKind, everyChannel, type Message, textOf } from '../channel.ts';
import { failure, type Outcome } from '../outcome.ts';
import { PostAddress, post } from '../post.ts';
import { judged, said, saysTooMuch } from '../robot-answer.ts';

const Settings = Type.Object(
  { ...everyChannel, url: Type.Intersect([PostAddress, withKey()]) },
  { additionalProperties: false },
);

function withKey() {
  return Type.String({
    pattern: '[?&]key=[\\w-]+',
    form: 'must be the whole address that WeCom shows, with key=…',
  });
}

const Answer = Type.Object({ errcode: Type.Integer(), errmsg: Type.Optional(Type.String()) });

/** A group robot of WeCom (企业微信, developer.work.weixin.qq.com/document/path/91770). Its address is its only secret. */
export const wecom = channelKind('wecom', Settings, ({ url }) => ({
  limits: [{ sends: 20, withinS: 60 }],
  textBytes: 2048,
  async send(message) {
    const result = await post(url, { 'content-type': 'application/json' }, bodyOf(message));
    if (!('answer' in result)) return result;
    const key = new URL(url).searchParams.get('key') ?? '';
    return judged(result.answer, Answer, ({ errcode, errmsg = '' }) =>
      outcomeOf(errcode, errmsg, said(`errcode ${errcode}: ${errmsg}`, [key])),
    );
  },
}));

/** As text: markdown is not shown in WeChat, and text has no marks that a name could be taken for. */
function bodyOf(message: Message): string {
  const { callFor } = message;
  const users = callFor.flatMap(({ wecom }) => wecom ?? []);
  const mobiles = callFor.flatMap(({ wecom, mobile }) => (wecom === undefined ? (mobile ?? []) : []));
  return JSON.stringify({
    msgtype: 'text',
    text: {
      content: textOf(message),
      ...(users.length > 0 && { mentioned_list: users }),
      ...(mobiles.length > 0 && { mentioned_mobile_list: mobiles }),
    },
  });
}

function outcomeOf(code: number, words: string, why: string): Outcome {
  if (code === 0) return { ok: true };
  if (code === 45009 || saysTooMuch(words)) return failure('throttled', why);
  if (code === -1) return failure('unreachable', why);
  if (code === 93000) return failure('broken', why);
  return failure('refused', why);
}
