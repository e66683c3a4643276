import { readFileSync } from 'node:fs';
import { codeOf } from '@tongtang/runtime/errors';
import type { NodemailerError, SendMailOptions } from 'nodemailer';
import { type Static, Type } from 'typebox';
import { channelKind, everyChannel, type Message, Person } from '../channel.ts';
import type { Letter } from '../letters.ts';
import { failure, type Outcome } from '../outcome.ts';
import { answerWithinS } from '../post.ts';
import { said } from '../robot-answer.ts';

const Address = Person.properties.mail;

const Settings = Type.Object(
  {
    ...everyChannel,
    host: Type.String({ pattern: '^[A-Za-z0-9.:-]+$', form: 'must be a host name or an address' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    /** `tls` from the first byte (port 465), `starttls` (587), or none: then without a password. */
    security: Type.Enum(['tls', 'starttls', 'none']),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Type.String({ minLength: 1 })),
    /** PEM file of the authority, where the server's certificate is of one's own. */
    ca: Type.Optional(Type.String({ minLength: 1 })),
    from: Type.Intersect([Address]),
    to: Type.Array(Type.Intersect([Address]), { minItems: 1, maxItems: 50 }),
  },
  { additionalProperties: false },
);

/** Mail by SMTP, in plain text; letters go to whom they name, by the same server. */
export const mail = channelKind(
  'mail',
  Settings,
  (settings) => ({
    // Providers ask for slowness too, and nobody reads faster.
    limits: [{ sends: 20, withinS: 60 }],
    textBytes: 20_000,
    send(message) {
      const places = placesOf(message, settings);
      return send({ ...mailOf(message, settings), to: [...places.keys()] }, places, settings);
    },
    post: (letter) => send(mailOfLetter(letter, settings), new Map([[letter.to, 'to']]), settings),
  }),
  ({ security, user, password }) => [
    ...(security === 'none' && password !== undefined
      ? ['password: is not sent without TLS: security must be tls or starttls']
      : []),
    ...((user === undefined) !== (password === undefined) ? ['user: user and password go together'] : []),
  ],
);

type Settings = Static<typeof Settings>;

/** Whom a mail goes to, by address, and what they are called where addresses are not told. */
type Places = ReadonlyMap<string, string>;

async function send(mail: Mail, places: Places, settings: Settings): Promise<Outcome> {
  const { password = '' } = settings;
  try {
    const transport = await transportOf(settings);
    // Where nobody is taken, it throws. Who was, has it: sent again for the others, it would be told twice.
    const { rejectedErrors = [] } = await transport.sendMail(mail);
    if (rejectedErrors.length === 0) return { ok: true };
    return {
      ok: true,
      note: `not taken for ${rejectedErrors.map((error) => refusalOf(error, places)).join(', ')}`,
    };
  } catch (error) {
    return outcomeOf(error, [password, Buffer.from(password).toString('base64')]);
  }
}

async function transportOf({ host, port, security, user, password, ca }: Settings) {
  // Only where mail is sent: every start of a hub, and many commands, would take a tenth of a second more.
  const { createTransport } = await import('nodemailer');
  const waitMs = answerWithinS * 1000;
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    ...(ca !== undefined && { tls: { ca: readFileSync(ca) } }),
    dnsTimeout: waitMs,
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    // What is in a name or a cause is text, never a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

type Mail = SendMailOptions;

/** Recipients as the notify file has them: `to[1]`, `people.li`. What stands there goes into no log. */
function placesOf({ callFor }: Message, { to }: Settings): Places {
  const onDuty = callFor.flatMap(({ key, mail }): [string, string][] =>
    mail === undefined || to.includes(mail) ? [] : [[mail, `people.${key}`]],
  );
  return new Map([...to.map((address, index): [string, string] => [address, `to[${index}]`]), ...onDuty]);
}

function mailOf({ id, title, body, link }: Message, settings: Settings): Mail {
  return {
    ...everyMail(id, settings),
    subject: title,
    text: `${body}\n\n${link}\n`,
  };
}

function mailOfLetter({ id, to, subject, text, enclosures }: Letter, settings: Settings): Mail {
  return {
    ...everyMail(id, settings),
    to,
    subject,
    text,
    attachments: enclosures.map(({ name, type, content }) => ({
      filename: name,
      contentType: type,
      content: Buffer.from(content),
    })),
  };
}

function everyMail(id: string, { from }: Settings) {
  return {
    from,
    messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
    // So that nobody's "I am on holiday" comes back (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** Who was refused, and the server's codes for it (RFC 5321, 4.2; RFC 3463): its words may hold the address. */
function refusalOf({ recipient = '', response = '' }: NodemailerError, places: Places): string {
  // On its way a domain is written small.
  const [, place = 'one of the recipients'] =
    [...places].find(([address]) => address.toLowerCase() === recipient.toLowerCase()) ?? [];
  const [codes] = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response) ?? [];
  return codes === undefined ? place : `${place} (${codes})`;
}

function outcomeOf(error: unknown, secrets: readonly string[]): Outcome {
  const code = codeOf(error) ?? '';
  const answer = answerIn(error);
  const why = said(answer === undefined ? `no answer: ${code}` : answer.words, secrets);
  if (code === 'EAUTH' || code === 'ENOAUTH') return failure('broken', why);
  if (code === 'EFILEACCESS' || code === 'ENOENT' || code === 'EACCES')
    return failure('broken', 'the file under ca cannot be read');
  // RFC 5321, 4.2.1: 4yz is for now, 5yz for good.
  return failure(answer !== undefined && answer.code >= 500 ? 'refused' : 'unreachable', why);
}

function answerIn(error: unknown): Readonly<{ code: number; words: string }> | undefined {
  if (!(error instanceof Error) || !('responseCode' in error) || !('response' in error)) return undefined;
  return { code: Number(error.responseCode), words: String(error.response) };
}
