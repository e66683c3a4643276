import type { Text } from '@tongtang/model/text';
import type { PlainDate, Weekday } from '@tongtang/model/timetable';
import { isPlainDate, weekdays } from '../plain-date.ts';
import { weekdayWords } from '../words.ts';
import { shownDate } from './date-styles.ts';
import { limits, plain } from './sheet.ts';

/** What a cell says, or in words why it says nothing. The text is {@link plain} already. */
export type Reader<T> = (text: string) => { value: T } | { problem: Text };

/** A day: `2026-09-01`, `2026/9/1`, `2026.9.1`, `2026年9月1日`, `20260901`, or a date that Excel shows as a number. */
export const dateIn: Reader<PlainDate> = (text) => {
  const whole =
    /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  const [, year = '', month = '', day = ''] = whole ?? [];
  // Excel's day numbers of 1990 to 2100: nobody writes a date with five digits.
  const serial = /^\d{5}$/.test(text) && Number(text) >= 32_874 && Number(text) <= 73_415;
  const date = serial ? shownDate(Number(text)) : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (isPlainDate(date)) return { value: date };
  return {
    problem: { zh: `“${text}”不是日期，应如 2026-09-01`, en: `"${text}" is no date such as 2026-09-01` },
  };
};

/** A clock time: `8:30`, `08:30:00`, or the part of a day that Excel shows as a number. */
export const clockIn: Reader<string> = (text) => {
  const shown = /^0?\.\d+$/.test(text) ? shownDate(Number(text)) : text;
  const [, hour = '', minute = ''] = /^(\d{1,2}):(\d\d)(?::00)?$/.exec(shown) ?? [];
  if (hour !== '' && Number(hour) < 24 && Number(minute) < 60)
    return { value: `${hour.padStart(2, '0')}:${minute}` };
  return { problem: { zh: `“${text}”不是时间，应如 08:30`, en: `"${text}" is no time such as 08:30` } };
};

/** The number of a period: `3`, `第3节`. */
export const periodIn: Reader<number> = (text) => {
  const [, digits = ''] = /^第?(\d{1,2})节?$/.exec(text) ?? [];
  if (Number(digits) >= 1) return { value: Number(digits) };
  return { problem: { zh: `“${text}”不是节次，应如 3`, en: `"${text}" is no period such as 3` } };
};

/** Periods: `1-4`, `1、2、5`, `1-4,6`. */
export const periodsIn: Reader<number[]> = (text) => {
  const problem = {
    zh: `“${text}”不是节次，应如 1-4 或 1,2,5`,
    en: `"${text}" are no periods such as 1-4 or 1,2,5`,
  };
  const periods = new Set<number>();
  for (const part of text.replaceAll(/[第节 ]/g, '').split(/[,、;]/)) {
    const [, first = '', last = first] = /^(\d{1,2})(?:[-–~至到](\d{1,2}))?$/.exec(part) ?? [];
    if (!(Number(first) >= 1 && Number(last) >= Number(first))) return { problem };
    for (let n = Number(first); n <= Number(last); n++) periods.add(n);
  }
  return { value: [...periods].sort((a, b) => a - b) };
};

/** The day whose lessons a make-up day has: a weekday or a date. */
export const followsIn: Reader<Weekday | PlainDate> = (text) => {
  const short = text
    .replace(/^(?:星期|礼拜)/, '周')
    .replace(/^周天$/, '周日')
    .toLowerCase();
  const weekday = weekdays.find((day) => {
    const { zh = '', en = '' } = weekdayWords[day - 1] ?? {};
    return (
      short === zh || short === en.toLowerCase() || short === longNames[day - 1] || short === String(day)
    );
  });
  if (weekday !== undefined) return { value: weekday };
  const date = dateIn(text);
  if ('value' in date) return date;
  return {
    problem: {
      zh: `“${text}”既不是星期几，也不是日期`,
      en: `"${text}" is neither a weekday nor a date`,
    },
  };
};

const longNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A name or a subject. */
export const textIn: Reader<string> = (text) =>
  text.length <= limits.cellCharacters
    ? { value: text }
    : {
        problem: {
          zh: `超过 ${limits.cellCharacters} 个字`,
          en: `it is longer than ${limits.cellCharacters} characters`,
        },
      };

/** One of a few words, in either language or as the program itself calls it. */
export function wordIn<Word extends string>(
  words: Readonly<Record<Word, Text>>,
  all: readonly Word[],
): Reader<Word> {
  return (text) => {
    const said = text.toLowerCase();
    const word = all.find((one) => [one, words[one].zh, words[one].en].includes(said));
    if (word !== undefined) return { value: word };
    const list = (language: 'zh' | 'en'): string => all.map((one) => words[one][language]).join('、');
    return {
      problem: {
        zh: `“${text}”应为：${list('zh')}`,
        en: `"${text}" must be one of ${list('en').replaceAll('、', ', ')}`,
      },
    };
  };
}

/** The id of something that is named by its id or by its name in either language. */
export function namedIn(
  what: Text,
  entries: readonly Readonly<{ id: string; name: Text }>[],
): Reader<string> {
  return (text) => {
    const byId = entries.filter(({ id }) => id === text.toLowerCase());
    const said = text.toLowerCase();
    const byName = entries.filter(({ name }) =>
      [name.zh, name.en].some((known) => plain(known).toLowerCase() === said),
    );
    const [found, second] = byId.length > 0 ? byId : byName;
    if (found === undefined)
      return {
        problem: {
          zh: `清单中没有名为“${text}”的${what.zh}`,
          en: `the inventory has no ${what.en} "${text}"`,
        },
      };
    if (second !== undefined)
      return {
        problem: {
          zh: `有多个${what.zh}名为“${text}”，请填写其编号`,
          en: `several are called "${text}": enter the id of the ${what.en}`,
        },
      };
    return { value: found.id };
  };
}
