import type { Mode } from '@tongtang/model/inventory';
import type { Text } from '@tongtang/model/text';
import type { Carrier, DayKind, LessonChange, WeekRule } from '@tongtang/model/timetable';

/** The words of a timetable file for what is one of a few; the words of section 3 of the glossary. */
export const modeWords: Readonly<Record<Mode, Text>> = {
  live: { zh: '直播', en: 'live' },
  recorded: { zh: '录播', en: 'recorded' },
  embedded: { zh: '植入式', en: 'embedded' },
};

export const carrierWords: Readonly<Record<Carrier, Text>> = {
  satellite: { zh: '天网', en: 'satellite' },
  broadband: { zh: '地网', en: 'broadband' },
};

export const weekWords: Readonly<Record<WeekRule, Text>> = {
  every: { zh: '每周', en: 'every' },
  odd: { zh: '单周', en: 'odd' },
  even: { zh: '双周', en: 'even' },
};

export const dayWords: Readonly<Record<DayKind, Text>> = {
  holiday: { zh: '放假', en: 'holiday' },
  'make-up': { zh: '调休上课', en: 'make-up' },
  exam: { zh: '考试', en: 'exam' },
  half: { zh: '半天', en: 'half day' },
};

export const changeWords: Readonly<Record<LessonChange['kind'], Text>> = {
  cancelled: { zh: '停课', en: 'cancelled' },
  swapped: { zh: '调课', en: 'swapped' },
  'made-up': { zh: '补课', en: 'made up' },
};

export const weekdayWords: readonly Text[] = [
  { zh: '周一', en: 'Mon' },
  { zh: '周二', en: 'Tue' },
  { zh: '周三', en: 'Wed' },
  { zh: '周四', en: 'Thu' },
  { zh: '周五', en: 'Fri' },
  { zh: '周六', en: 'Sat' },
  { zh: '周日', en: 'Sun' },
];
