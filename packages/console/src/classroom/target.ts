import type { County } from '../api/answers.ts';
import { inLanguage, words } from '../language/language.ts';

/** The name of a far end: those that every agent has in words, those of the inventory as it names them. */
export function targetName(id: string, county: County): string {
  const own: Readonly<Record<string, string>> = words.value.targets;
  const named = [...county.targets, ...county.platforms].find((target) => target.id === id);
  return own[id] ?? (named === undefined ? id : inLanguage(named.name));
}
