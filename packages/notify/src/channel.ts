import type { Notice } from '@tongtang/model/notice';
import { type Validated, validate } from '@tongtang/runtime/validation';
import { type Static, type TObject, Type } from 'typebox';
import type { Letter } from './letters.ts';
import type { Outcome } from './outcome.ts';
import type { RateLimit } from './rate.ts';

const closed = { additionalProperties: false } as const;

/** Somebody who can be on duty, and how each kind of channel calls for them. */
export const Person = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    /** Calls in WeCom and DingTalk. */
    mobile: Type.Optional(
      Type.String({ pattern: '^\\+?\\d{5,15}$', form: 'must be a telephone number of digits' }),
    ),
    /** User id of WeCom, where no mobile number is to be given. */
    wecom: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** open_id or user_id of Feishu. */
    feishu: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    mail: Type.Optional(
      Type.String({ pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$', form: 'must be a mail address' }),
    ),
  },
  closed,
);
export type Person = Readonly<Static<typeof Person>>;

/** Somebody who is called for, and their key in `people`: what may be told where nothing else of the notify file may. */
export type Called = Person & Readonly<{ key: string }>;

/** What goes out at once: a notice, or a digest of several. */
export type Message = Readonly<{
  /** The same content has the same id when it is sent again. */
  id: string;
  /** One line. */
  title: string;
  /** Lines without the title and the link. */
  body: string;
  link: string;
  /** Who is on duty. */
  callFor: readonly Called[];
  notices: readonly Notice[];
}>;

/** A robot's group, a mailbox, a program: somewhere that messages go. */
export type Channel = Readonly<{
  /** What it allows; the sender keeps it. */
  limits: readonly RateLimit[];
  /** Bytes of UTF-8 that {@link textOf} a message may take. */
  textBytes: number;
  /**
   * Sends it once, within {@link answerWithinS}.
   * @param nowMs milliseconds since 1970, for signatures
   */
  send: (message: Message, nowMs: number) => Promise<Outcome>;
  /** Sends a letter once, within as long; absent where nothing can be enclosed. */
  post?: (letter: Letter) => Promise<Outcome>;
}>;

export type ChannelKind = Readonly<{
  kind: string;
  /** @returns the channel, or what is wrong with its settings, each with its place: `channels.<name>.url: …` */
  open: (name: string, settings: unknown) => Validated<Channel>;
}>;

/**
 * A kind of channel: its name, what it must be told, and how it is made of that.
 * @param objections what a schema cannot say, as `place: why`
 */
export function channelKind<Settings extends TObject>(
  kind: string,
  settings: Settings,
  make: (settings: Static<Settings>) => Channel,
  objections: (settings: Static<Settings>) => readonly string[] = () => [],
): ChannelKind {
  return {
    kind,
    open(name, input) {
      const document = Type.Object({ channels: Type.Object({ [name]: settings }) });
      const inPlace = validate(document, { channels: { [name]: input } });
      if (!inPlace.ok) return inPlace;
      const checked = validate(settings, input);
      if (!checked.ok) return checked;
      const problems = objections(checked.value).map((problem) => `channels.${name}.${problem}`);
      return problems.length > 0 ? { ok: false, problems } : { ok: true, value: make(checked.value) };
    },
  };
}

/** What every channel is told beside what its kind wants. */
export const everyChannel = {
  kind: Type.String(),
  language: Type.Optional(Type.Enum(['zh', 'en'])),
};

/** A message as plain text, where a channel has no better place for title and link. */
export function textOf({ title, body, link }: Message): string {
  return `${title}\n${body}\n${link}`;
}
