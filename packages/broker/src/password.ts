import { createHash, pbkdf2, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Passwords of agents, hashed in the form of mosquitto_passwd (`$7$iterations$salt$hash`, PBKDF2-HMAC-SHA-512), so that
 * one hash serves the embedded broker and a Mosquitto.
 *
 * Iterations make guessing dear where people choose passwords. These are made by a machine with 160 random bits: no
 * number of guesses finds one, so Mosquitto's customary 101 are enough, and 5,000 agents that come back at once cost
 * half a second of one core.
 */
const iterations = 101;
const saltBytes = 12;
const hashBytes = 64;
const shape = /^\$7\$(\d{1,7})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

const derive = promisify(pbkdf2);

/** A new password: 160 random bits in 27 letters, digits, `-` and `_`, safe in URLs and password files. */
export function makePassword(): string {
  return randomBytes(20).toString('base64url');
}

/** The hash of a password that {@link makePassword} made, with a salt of its own. */
export function hashPassword(password: string): string {
  const salt = randomBytes(saltBytes);
  const hash = pbkdf2Sync(password, salt, iterations, hashBytes, 'sha512');
  return `$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** Whether the password has this hash; false where the hash is none. */
export async function verifyPassword(password: string | Buffer, hash: string): Promise<boolean> {
  const [, rounds, salt, expected] = shape.exec(hash) ?? [];
  if (rounds === undefined || salt === undefined || expected === undefined) return false;
  const wanted = Buffer.from(expected, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), Number(rounds), wanted.length, 'sha512');
  return timingSafeEqual(actual, wanted);
}

/**
 * Verifies, and remembers what was right, so that an agent that connects again costs one SHA-256. Wrong passwords are
 * not remembered: the memory holds one entry for each agent at most.
 */
export class PasswordVerifier {
  readonly #right = new Map<string, Readonly<{ hash: string; digest: Buffer }>>();

  /** As {@link verifyPassword}. @param id whose password it is */
  async verify(id: string, password: Buffer, hash: string): Promise<boolean> {
    const digest = createHash('sha256').update(password).digest();
    const known = this.#right.get(id);
    if (known?.hash === hash && timingSafeEqual(known.digest, digest)) return true;
    const right = await verifyPassword(password, hash);
    if (right) this.#right.set(id, { hash, digest });
    return right;
  }

  /** Forgets somebody who went, so that those do not pile up. */
  forget(id: string): void {
    this.#right.delete(id);
  }
}
