import type { XmlElement } from '@rgrove/parse-xml';
import { plusDays } from '../plain-date.ts';
import { childOf, childrenOf } from './package-parts.ts';

/** Formats that every program knows as dates and times, those of Chinese Excel included (ECMA-376 part 1, 18.8.30). */
const builtIn: readonly (readonly [first: number, last: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** Which cell styles show a number as a date or a time. */
export function dateStyles(styles: XmlElement | undefined): ReadonlySet<number> {
  const formats = new Map(
    childrenOf(childOf(styles, 'numFmts'), 'numFmt').map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? '',
    ]),
  );
  const isDate = (format: number): boolean => {
    const code = formats.get(format);
    return code === undefined
      ? builtIn.some(([first, last]) => first <= format && format <= last)
      : /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General/gi, ''));
  };
  const cellFormats = childrenOf(childOf(styles, 'cellXfs'), 'xf');
  return new Set(
    cellFormats.flatMap(({ attributes }, style) => (isDate(Number(attributes.numFmtId ?? 0)) ? [style] : [])),
  );
}

/** Day 0 of a workbook; since 1900 it counts a 29 February 1900 that never was, so it is right from March 1900 on. */
const dayZero = { from1900: '1899-12-30', from1904: '1904-01-01' } as const;
/** 31 December 9999, the last day that Excel knows. */
const lastSerial = 2_958_465;

/** A number as the date or time that it stands for: `2026-09-01`, `08:30`, or both. To the minute. */
export function shownDate(serial: number, since1904 = false): string {
  if (serial < 0 || serial > lastSerial) return String(serial);
  const minutes = Math.round(serial * 1440);
  const [days, minute] = [Math.floor(minutes / 1440), minutes % 1440];
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  const clock = `${two(minute / 60)}:${two(minute % 60)}`;
  if (days === 0) return clock;
  const date = plusDays(since1904 ? dayZero.from1904 : dayZero.from1900, days);
  return minute === 0 ? date : `${date} ${clock}`;
}
