import { words } from '../language/language.ts';

/** Why a test ended early, in words. */
export function reasonOf(cutShort: string): string {
  const reasons: Readonly<Record<string, string>> = words.value.bandwidth.reasons;
  return reasons[cutShort] ?? cutShort;
}
