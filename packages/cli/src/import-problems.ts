import { type Problem, problemInWords } from '@tongtang/lessons/problem';
import type { Language } from '@tongtang/model/text';
import { Refusal } from './refusal.ts';

/** More than a screen of problems helps nobody. */
const shown = 40;

/** What stops an import: each problem with its place. */
export function importRefusal(problems: readonly Problem[], language: Language): Refusal {
  const more = problems.length - shown;
  const rest = { zh: `以及另外 ${more} 处`, en: `and ${more} more` };
  const nothing = { zh: '没有导入任何内容：', en: 'Nothing was imported:' };
  return new Refusal([
    nothing[language],
    ...problems.slice(0, shown).map((problem) => problemInWords(problem, language)),
    ...(more > 0 ? [rest[language]] : []),
  ]);
}
