import type { DayKind, PlainDate } from '@tongtang/model/timetable';
import ICAL from 'ical.js';
import { columnsOf, type Heading, headingText } from '../columns.ts';
import { plusDays } from '../plain-date.ts';
import { type Problem, Unreadable } from '../problem.ts';
import { dayWords } from '../words.ts';
import { type InputFile, limits, plain, type Row } from './sheet.ts';
import type { Workbook } from './xlsx.ts';

/** What the title of a day's entry means; the first that fits. */
const kindsByTitle: readonly (readonly [kind: DayKind, title: RegExp])[] = [
  ['make-up', /补班|调休|补课|上课|\(班\)|班$|make-?up/i],
  ['exam', /考试|期中考|期末考|exam/i],
  ['half', /半天|half/i],
  ['holiday', /假|休|节|holiday/i],
];

/**
 * Reads the school calendar from an iCalendar file (RFC 5545): entries that last whole days, by what their titles say, such as
 * `国庆节 放假`, `调休上课 按周五` or `Mid-term exam`. They become a table like that of the calendar sheet. Lessons are not
 * read from calendars: an entry with a time is a problem, as is a title that says nothing of lessons.
 * @throws Unreadable where it is no calendar
 */
export function readCalendar({ name: file, bytes }: InputFile): Workbook {
  const events = eventsIn(file, bytes);
  const problems: Problem[] = [];
  const columns: readonly Heading[] = [...columnsOf.days.needed, ...columnsOf.days.further];
  const rows = events.map((event, index): Row => {
    const place = { file, sheet: 'VEVENT', row: index + 1 };
    const read = dayOf(event);
    if ('zh' in read) problems.push({ place, text: read });
    const cells: Partial<Record<Heading, string>> = 'zh' in read ? {} : read;
    return {
      number: index + 1,
      cells: new Map(
        columns.flatMap((heading, column): [number, string][] => {
          const cell = cells[heading];
          return cell === undefined ? [] : [[column, cell]];
        }),
      ),
    };
  });
  const head = new Map(columns.map((heading, column) => [column, headingText(heading)]));
  return { sheets: [{ file, name: 'VEVENT', rows: [{ number: 0, cells: head }, ...rows] }], problems };
}

function eventsIn(file: string, bytes: Uint8Array): ICAL.Component[] {
  try {
    const calendar = new ICAL.Component(ICAL.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    const events = calendar.getAllSubcomponents('vevent');
    if (events.length <= limits.calendarEntries) return events;
  } catch {
    throw new Unreadable({ file }, { zh: '不是有效的 iCalendar 文件', en: 'it is no valid iCalendar file' });
  }
  throw new Unreadable(
    { file },
    { zh: `超过 ${limits.calendarEntries} 个日程`, en: `it has more than ${limits.calendarEntries} entries` },
  );
}

type Cells = Readonly<Partial<Record<'dayKind' | 'from' | 'to' | 'follows' | 'periods' | 'note', string>>>;

function dayOf(event: ICAL.Component): Cells | Readonly<{ zh: string; en: string }> {
  const title = plain(textOf(event, 'summary'));
  const [start, end] = [timeOf(event, 'dtstart'), timeOf(event, 'dtend')];
  if (start === undefined) return { zh: `“${title}”没有日期`, en: `"${title}" has no date` };
  if (!start.isDate)
    return {
      zh: `“${title}”不是全天日程：日历文件只用于校历，课请从表格导入`,
      en: `"${title}" does not last whole days: calendars are read for holidays and the like, lessons from tables`,
    };
  if (event.hasProperty('rrule') || event.hasProperty('rdate'))
    return {
      zh: `“${title}”是重复日程：请每次单独列出`,
      en: `"${title}" comes again: enter each of its days`,
    };
  const kind = kindsByTitle.find(([, words]) => words.test(title))?.[0];
  if (kind === undefined)
    return {
      zh: `“${title}”看不出是放假、调休上课、考试还是半天`,
      en: `"${title}" does not say whether it is a holiday, a make-up day, an exam or half a day`,
    };
  const from = dateOf(start);
  // DTEND is the day after (RFC 5545, 3.6.1).
  const to = end === undefined ? from : plusDays(dateOf(end), -1);
  const follows =
    /(?:按|as on |as )\s*((?:周|星期)[一二三四五六日天]|[a-z]{3,9}day|[a-z]{3}\b|\d{4}-\d\d-\d\d)/i.exec(
      title,
    )?.[1];
  const periods = /(\d{1,2}\s*[-–~至到]\s*\d{1,2})/.exec(title.replaceAll(/\d{4}-\d\d-\d\d/g, ''))?.[1];
  return {
    dayKind: dayWords[kind].zh,
    from,
    to,
    note: title,
    ...(kind === 'make-up' && follows !== undefined && { follows }),
    ...(kind !== 'holiday' && periods !== undefined && { periods }),
  };
}

function textOf(event: ICAL.Component, property: string): string {
  return String(event.getFirstPropertyValue(property) ?? '');
}

function timeOf(event: ICAL.Component, property: string): ICAL.Time | undefined {
  const value = event.getFirstPropertyValue(property);
  return value instanceof ICAL.Time ? value : undefined;
}

function dateOf({ year, month, day }: ICAL.Time): PlainDate {
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}
