import type { MaintenanceAnswer, WindowAnswer } from '@tongtang/hub/http/routes/maintenance';
import { weekdayWords } from '@tongtang/lessons/words';
import type { Language } from '@tongtang/model/text';
import { wallTime } from '@tongtang/notify/day-time';
import type { Static } from 'typebox';
import type { CountyAnswer } from './hub-client.ts';

type Window = Static<typeof WindowAnswer>;

const words = {
  zh: {
    none: '没有维护安排',
    wholeCounty: '全县',
    once: (start: string, end: string) => `${start} 至 ${end}`,
    weekly: (days: string, at: string, minutes: number) => `每${days} ${at}，持续 ${minutes} 分钟`,
    next: (start: string) => `下次 ${start}`,
    over: '已结束',
    comma: '、',
  },
  en: {
    none: 'No work is announced',
    wholeCounty: 'the whole county',
    once: (start: string, end: string) => `${start} to ${end}`,
    weekly: (days: string, at: string, minutes: number) => `every ${days} at ${at} for ${minutes} minutes`,
    next: (start: string) => `next: ${start}`,
    over: 'over',
    comma: ', ',
  },
} as const;

/** Of work that is announced when it is over. */
export const pastWindow: Readonly<Record<Language, string>> = {
  zh: '这段时间已经过去：通知不受影响，其中的分钟不再计入可用率',
  en: 'That time is over: nobody is kept from being told, and its minutes count no more in availability',
};

/** What is announced, a line each, and whose time that is. */
export function windowsInWords(
  { windows, timezone }: Static<typeof MaintenanceAnswer>,
  county: CountyAnswer,
  language: Language,
): string {
  const lines = windows.map((window) => windowInWords(window, county, language));
  return `${county.name[language]}, ${timezone}\n${(lines.length === 0 ? [words[language].none] : lines).join('\n')}\n`;
}

/** One window: its id, when, where and what. */
export function windowInWords(window: Window, county: CountyAnswer, language: Language): string {
  const text = words[language];
  const { id, note, next } = window;
  const school = county.schools.find((known) => known.id === window.school);
  return [
    id,
    timeInWords(window, county, language),
    window.school === undefined ? text.wholeCounty : (school?.name[language] ?? window.school),
    note,
    ...(next === undefined ? [text.over] : []),
  ].join('  ');
}

function timeInWords(window: Window, county: CountyAnswer, language: Language): string {
  const text = words[language];
  const moment = (seconds = 0): string => {
    const { date, time } = wallTime(seconds, county.timezone);
    return `${date} ${time}`;
  };
  if (window.kind === 'once') return text.once(moment(window.start), moment(window.end));
  const days = (window.weekdays ?? []).map((day) => weekdayWords[day - 1]?.[language] ?? String(day));
  const weekly = text.weekly(days.join(text.comma), window.at ?? '', window.minutes ?? 0);
  return window.next === undefined ? weekly : `${weekly}, ${text.next(moment(window.next.start))}`;
}
