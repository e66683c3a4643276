import type { Language, Text } from '@tongtang/model/text';

/** Where something stands in what was handed in. Rows count from 1, as programs for tables show them. */
export type Place = Readonly<{
  file: string;
  sheet?: string;
  row?: number;
  column?: number;
  header?: Text;
}>;

/** What is wrong with it. Without a place, it is wrong with all of it, or with what was there before. */
export type Problem = Readonly<{ place?: Place; text: Text }>;

/** A problem with its place, as one line for a person: `课表.xlsx，工作表“课表”，第 4 行 C 列（节次）：…` */
export function problemInWords({ place, text }: Problem, language: Language): string {
  if (place === undefined) return text[language];
  const { file, sheet, row, column, header } = place;
  const zh = [
    file,
    ...(sheet === undefined ? [] : [`工作表“${sheet}”`]),
    ...(row === undefined
      ? []
      : [`第 ${row} 行${column === undefined ? '' : ` ${columnLetters(column)} 列`}`]),
  ];
  const en = [
    file,
    ...(sheet === undefined ? [] : [`sheet "${sheet}"`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${columnLetters(column)}`]),
  ];
  return language === 'zh'
    ? `${zh.join('，')}${header === undefined ? '' : `（${header.zh}）`}：${text.zh}`
    : `${en.join(', ')}${header === undefined ? '' : ` (${header.en})`}: ${text.en}`;
}

/** The letters of a column that counts from 0: A, B … Z, AA. */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last;
}

/** The column of such letters. */
export function columnOfLetters(letters: string): number {
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** What ends the reading of a file: it cannot be read any further. */
export class Unreadable extends Error {
  readonly problem: Problem;
  constructor(place: Place, text: Text) {
    super(text.en);
    this.problem = { place, text };
  }
}
