import type { VisitAnswer } from '@tongtang/hub/http/visit-answers';
import type { Language, Text } from '@tongtang/model/text';
import { visitTitles } from '@tongtang/model/visit';
import type { Static } from 'typebox';
import type { CountyAnswer } from './hub-client.ts';

type Visit = Static<typeof VisitAnswer>;

const none: Text = { zh: '没有符合条件的登记', en: 'The register has none' };

/** What was held, a line each, the latest first. */
export function visitsInWords(visits: readonly Visit[], county: CountyAnswer, language: Language): string {
  if (visits.length === 0) return `${none[language]}\n`;
  return visits.map((visit) => `${visitInWords(visit, county, language)}\n`).join('');
}

/** One entry: its id, when, where, what, and who entered it. */
export function visitInWords(visit: Visit, { schools }: CountyAnswer, language: Language): string {
  const { id, date, school, kind, note, enteredBy } = visit;
  return [
    ...[id, date, schools.find((known) => known.id === school)?.name[language] ?? school],
    visitTitles[kind][language],
    ...(note === '' ? [] : [note]),
    enteredBy,
  ].join('  ');
}

/** What an import did, or would do. */
export function visitImportInWords(
  { rows, added }: Readonly<{ rows: number; added: number }>,
  isCheck: boolean,
): Text {
  return {
    zh: `${isCheck ? '将登记' : '已登记'} ${added} 条，共 ${rows} 行；其余已在登记中\n`,
    en: `${isCheck ? 'Would enter' : 'Entered'} ${added} of ${rows} rows; the register has the others already\n`,
  };
}
