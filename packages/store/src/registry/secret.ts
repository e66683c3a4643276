import { createHash, randomBytes } from 'node:crypto';

/** A new secret that a machine keeps: 256 random bits, safe in URLs, headers and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret. It is random and long, so that one SHA-256 is enough: there is no list of likely ones
 * to try.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Crockford's base 32, without I, L, O and U: read aloud and typed without doubt. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random letters and digits of {@link alphabet}, five bits each. */
export function randomLetters(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** A one-time code as people read it aloud: 50 random bits, `7KQM-X3PA-9T`. */
export function newCode(): string {
  return randomLetters(10).replace(/^(.{4})(.{4})/, '$1-$2-');
}

/** The same text for every way to type a code: any case, with or without hyphens and spaces, O for 0, I or L for 1. */
export function canonicalCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
