import { words } from '../language/language.ts';
import { ApiError } from './client.ts';

/** What to tell a person about a request that failed. */
export function problemText(error: unknown): string {
  const t = words.value.errors;
  if (!(error instanceof ApiError)) return t.other(String(error));
  if (error.code === 'unreachable') return t.unreachable;
  if (error.code === 'simulated') return t.simulated;
  if (error.status === 403) return t.forbidden;
  return t.other(error.message);
}
