import { Identifier } from '@tongtang/model/identifier';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';
import { parseDocument } from 'yaml';

const closed = { additionalProperties: false } as const;

/** RFC 3414, section 11.2: shorter passwords are refused by receivers as well. */
const Password = Type.String({ minLength: 8, maxLength: 256 });

export const authProtocols = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
/** `aes` is AES-128 (RFC 3826); the longer ones extend the key as Reeder (Cisco) or Blumenthal describe. */
export const privProtocols = ['des', 'aes', 'aes256-reeder', 'aes256-blumenthal'] as const;

const Community = Type.Object({ community: Type.String({ minLength: 1, maxLength: 256 }) }, closed);
const User = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 32 }),
    auth: Type.Optional(Type.Object({ protocol: Type.Enum([...authProtocols]), password: Password }, closed)),
    priv: Type.Optional(Type.Object({ protocol: Type.Enum([...privProtocols]), password: Password }, closed)),
    context: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
  },
  closed,
);

/** What a receiver wants to hear before it answers: a community of SNMP v2c, or a user of v3. */
export type Credentials = Static<typeof Community> | Static<typeof User>;

/** What nearly every receiver leaves its factory with. */
export const publicCommunity: Credentials = { community: 'public' };

/**
 * Reads a file of credentials, by name: `roof: { community: … }` or `roof: { user: …, auth: { protocol: sha256, password: … } }`.
 * Messages name file and place, never what stands there.
 * @returns the entry of this name, or what is wrong
 */
export function readCredentials(
  text: string,
  name: string,
  file: string,
): Readonly<{ ok: true; credentials: Credentials }> | Readonly<{ ok: false; problem: string }> {
  const refuse = (problem: string) => ({ ok: false, problem: `${file}: ${problem}` }) as const;
  // The library's messages quote the line, which may hold a password.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return refuse(`not YAML, at character ${error.pos[0]}`);
  const entries = validate(Type.Record(Identifier, Type.Unknown()), plainContent(document));
  if (!entries.ok) return refuse('must be names and their credentials');
  if (!Object.hasOwn(entries.value, name)) return refuse(`there are no credentials "${name}"`);
  const entry = entries.value[name];
  const isUser = typeof entry === 'object' && entry !== null && 'user' in entry;
  const checked = isUser ? validate(User, entry) : validate(Community, entry);
  if (!checked.ok) return refuse(`${name}: ${checked.problems.join('; ')}`);
  const { value } = checked;
  if ('user' in value && value.priv !== undefined && value.auth === undefined)
    return refuse(`${name}.priv: needs auth as well`);
  return { ok: true, credentials: value };
}

/** Aliases may be piled up to more than fits in memory; then there is no content. */
function plainContent(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}
