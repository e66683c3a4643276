import type { Text } from '@tongtang/model/text';
import type { DayKind, PlainDate } from '@tongtang/model/timetable';
import ICAL from 'ical.js';
import { columnsOf, type Heading, headingText } from '../columns.ts';
import { plusDays, secondsAt } from '../plain-date.ts';
import { type Place, type Problem, Unreadable } from '../problem.ts';
import { dayWords } from '../words.ts';
import type { TimedEvent } from './calendar-lessons.ts';
import { type InputFile, limits, plain, type Row } from './sheet.ts';
import type { Workbook } from './xlsx.ts';

/** What the title of a day's entry means; the first that fits. */
const kindsByTitle: readonly (readonly [kind: DayKind, title: RegExp])[] = [
  ['make-up', /补班|调休|补课|上课|\(班\)|班$|make-?up/i],
  ['exam', /考试|期中考|期末考|exam/i],
  ['half', /半天|half/i],
  ['holiday', /假|休|节|holiday/i],
];

/** What a calendar holds: a table of whole days, and entries that have a time. */
export type Calendar = Workbook & Readonly<{ timed: readonly TimedEvent[] }>;

/**
 * Reads an iCalendar file (RFC 5545). Entries that last whole days are the school calendar, by what their titles say, such as
 * `国庆节 放假`, `调休上课 按周五` or `Mid-term exam`: they become a table like that of the calendar sheet, and a title that says
 * nothing of lessons is a problem. Those that have a time are handed on: what they change can only be said beside the timetable.
 * @param timeZone of times that name none
 * @throws Unreadable where it is no calendar
 */
export function readCalendar({ name: file, bytes }: InputFile, timeZone: string): Calendar {
  const events = eventsIn(file, bytes);
  const problems: Problem[] = [];
  const timed: TimedEvent[] = [];
  const columns: readonly Heading[] = [...columnsOf.days.needed, ...columnsOf.days.further];
  const rows = events.flatMap((event, index): Row[] => {
    const place = { file, sheet: 'VEVENT', row: index + 1 };
    if (timeOf(event, 'dtstart')?.isDate === false) {
      const read = timedIn(event, place, timeZone);
      if ('zh' in read) problems.push({ place, text: read });
      else timed.push(read);
      return [];
    }
    const read = dayOf(event);
    if ('zh' in read) problems.push({ place, text: read });
    const cells: Partial<Record<Heading, string>> = 'zh' in read ? {} : read;
    const row = {
      number: index + 1,
      cells: new Map(
        columns.flatMap((heading, column): [number, string][] => {
          const cell = cells[heading];
          return cell === undefined ? [] : [[column, cell]];
        }),
      ),
    };
    return [row];
  });
  const head = new Map(columns.map((heading, column) => [column, headingText(heading)]));
  const sheet = { file, name: 'VEVENT', rows: [{ number: 0, cells: head }, ...rows] };
  // One of times alone says nothing of days: those that there are stay.
  return { sheets: rows.length > 0 || timed.length === 0 ? [sheet] : [], problems, timed };
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

function dayOf(event: ICAL.Component): Cells | Text {
  const title = plain(textOf(event, 'summary'));
  const [start, end] = [timeOf(event, 'dtstart'), timeOf(event, 'dtend')];
  if (start === undefined) return { zh: `“${title}”没有日期`, en: `"${title}" has no date` };
  if (isRepeated(event)) return repeated(title);
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

function timedIn(event: ICAL.Component, place: Place, timeZone: string): TimedEvent | Text {
  const title = plain(textOf(event, 'summary'));
  if (isRepeated(event)) return repeated(title);
  const start = secondsOf(event, 'dtstart', timeZone);
  const duration = event.getFirstPropertyValue('duration');
  const end =
    start !== undefined && duration instanceof ICAL.Duration
      ? start + duration.toSeconds()
      : secondsOf(event, 'dtend', timeZone);
  if (start === undefined || end === undefined || end <= start)
    return {
      zh: `“${title}”没有可识别的起止时间`,
      en: `"${title}" has no beginning and end that can be read`,
    };
  return {
    place,
    title,
    location: plain(textOf(event, 'location')),
    uid: textOf(event, 'uid'),
    isCancelled: textOf(event, 'status').toUpperCase() === 'CANCELLED',
    start,
    end,
  };
}

/** Seconds since 1970; undefined where there is no time, or its zone is not known. */
function secondsOf(event: ICAL.Component, property: string, timeZone: string): number | undefined {
  const time = timeOf(event, property);
  if (time === undefined || time.isDate) return undefined;
  const named = event.getFirstProperty(property)?.getFirstParameter('tzid');
  // A zone that the file describes goes before one that we know by its name.
  if (time.zone !== undefined && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime();
  const clock = [time.hour, time.minute].map((part) => String(part).padStart(2, '0')).join(':');
  try {
    return secondsAt(dateOf(time), clock, named ?? timeZone);
  } catch {
    return undefined;
  }
}

function isRepeated(event: ICAL.Component): boolean {
  return event.hasProperty('rrule') || event.hasProperty('rdate');
}

function repeated(title: string): Text {
  return { zh: `“${title}”是重复日程：请每次单独列出`, en: `"${title}" comes again: enter each of its days` };
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
