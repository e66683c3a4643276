import { type Validated, validate } from '@tongtang/runtime/validation';
import type { Static, TSchema } from 'typebox';
import { cutTo, oneLine } from './fit.ts';
import { failure, type Outcome } from './outcome.ts';
import { type Answer, statusFailure } from './post.ts';

/**
 * Judges a robot's answer by its body: robots answer HTTP 200 to most failures, and so do portals, with a page of their own.
 * @param judge the outcome by the body, where it is one of this robot's
 */
export function judged<Body extends TSchema>(
  answer: Answer,
  body: Body,
  judge: (body: Static<Body>) => Outcome,
): Outcome {
  const parsed = parsedAs(body, answer.body);
  const outcome = parsed.ok
    ? judge(parsed.value)
    : failure('unreachable', 'not a robot’s answer: a portal, perhaps');
  return outcome.ok || !parsed.ok ? (statusFailure(answer) ?? outcome) : outcome;
}

/** Whether words say that it was too much; robots have used several codes for it. */
export function saysTooMuch(words: string): boolean {
  return /too (fast|many)|exceed|frequen|限流|freq out of limit/i.test(words);
}

/** What the other side said, for people: in one line, short, and without the secrets that it may have repeated. */
export function said(words: string, secrets: readonly string[]): string {
  const without = secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '[secret]'), words);
  return cutTo(oneLine(without), 200);
}

function parsedAs<Body extends TSchema>(body: Body, text: string): Validated<Static<Body>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return validate(body, parsed);
  } catch {
    return { ok: false, problems: ['not JSON'] };
  }
}
