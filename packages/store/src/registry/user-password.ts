import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Passwords that people choose, kept as scrypt (RFC 7914) in the form `scrypt$N$r$p$salt$hash`. N = 2^15, r = 8, p = 3
 * is one of OWASP's equals ("Password Storage Cheat Sheet"), with 32 MiB the one that a small hub can afford.
 */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const;
const saltBytes = 16;
const hashBytes = 32;
const shape = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** Shorter ones are guessed. */
export const shortestPassword = 10;
/** Longer ones only cost time. */
export const longestPassword = 200;

/** Why a password will not do, or undefined where it will. */
export function passwordProblem(password: string, userName: string): string | undefined {
  if ([...password].length < shortestPassword)
    return `password: must have at least ${shortestPassword} characters`;
  if (password.length > longestPassword) return `password: must have at most ${longestPassword} characters`;
  if (new Set(password).size < 4) return 'password: must not repeat the same few characters';
  if (userName !== '' && password.toLowerCase().includes(userName.toLowerCase()) && userName.length > 3)
    return 'password: must not contain the user name';
  return undefined;
}

/** The hash of a password, with a salt of its own. Takes about a tenth of a second of one core, off the main thread. */
export async function hashUserPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, hashBytes, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/**
 * Whether the password has this hash. Without a hash (no such user, or one without a password) it is false and takes
 * as long, so that the time does not tell which users there are.
 */
export async function verifyUserPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, hash] = shape.exec(stored ?? '') ?? [];
  if (!N || !r || !p || !salt || !hash) {
    await derive(password, Buffer.alloc(saltBytes), hashBytes, cost);
    return false;
  }
  const expected = Buffer.from(hash, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), expected.length, options);
  return timingSafeEqual(actual, expected);
}

/** The derivation that is under way, and those that wait behind it. */
let turn: Promise<unknown> = Promise.resolve();

/** One after the other: the threads that they would fill are those that agents sign in on. */
function derive(...input: Parameters<typeof deriveNow>): Promise<Buffer> {
  const mine = turn.then(() => deriveNow(...input));
  turn = mine.catch(() => {});
  return mine;
}

/** scrypt needs 128·N·r bytes and a little (RFC 7914, section 2), which is more than Node allows unasked. */
function deriveNow(
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number },
): Promise<Buffer> {
  const maxmem = 128 * options.N * options.r * 2;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, { ...options, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
