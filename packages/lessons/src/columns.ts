import type { Text } from '@tongtang/model/text';

/** The tables of a timetable file, in the order in which they are filled in. */
export const tableNames = ['terms', 'bells', 'days', 'lessons', 'changes'] as const;
export type TableName = (typeof tableNames)[number];

export const tableTitles: Readonly<Record<TableName, Text>> = {
  terms: { zh: '学期', en: 'Terms' },
  bells: { zh: '作息', en: 'Bells' },
  days: { zh: '校历', en: 'Calendar' },
  lessons: { zh: '课表', en: 'Lessons' },
  changes: { zh: '调课', en: 'Changes' },
};

/** Every heading that a table may have, that of visits (visits/import.ts) too; one word means the same in all of them. */
export const headings = {
  term: { zh: '学期', en: 'Term' },
  from: { zh: '开始日期', en: 'From' },
  to: { zh: '结束日期', en: 'To' },
  school: { zh: '学校', en: 'School' },
  class: { zh: '班级', en: 'Class' },
  period: { zh: '节次', en: 'Period' },
  start: { zh: '上课', en: 'Start' },
  end: { zh: '下课', en: 'End' },
  dayKind: { zh: '日期类型', en: 'Day type' },
  follows: { zh: '按何日课表', en: 'Lessons of' },
  periods: { zh: '上课节次', en: 'Periods held' },
  note: { zh: '备注', en: 'Note' },
  weeks: { zh: '单双周', en: 'Weeks' },
  day1: { zh: '周一', en: 'Mon' },
  day2: { zh: '周二', en: 'Tue' },
  day3: { zh: '周三', en: 'Wed' },
  day4: { zh: '周四', en: 'Thu' },
  day5: { zh: '周五', en: 'Fri' },
  day6: { zh: '周六', en: 'Sat' },
  day7: { zh: '周日', en: 'Sun' },
  mode: { zh: '方式', en: 'Mode' },
  frontEnd: { zh: '前端学校', en: 'Front-end school' },
  carrier: { zh: '承载链路', en: 'Carried by' },
  date: { zh: '日期', en: 'Date' },
  change: { zh: '变动', en: 'Change' },
  subject: { zh: '科目', en: 'Subject' },
  withDate: { zh: '对调日期', en: 'Swap with date' },
  withPeriod: { zh: '对调节次', en: 'Swap with period' },
  visitKind: { zh: '类别', en: 'Kind' },
} as const satisfies Readonly<Record<string, Text>>;
export type Heading = keyof typeof headings;

/** The columns of a weekday each, Monday first. */
export const weekdayColumns = ['day1', 'day2', 'day3', 'day4', 'day5', 'day6', 'day7'] as const;

/**
 * The columns of each table. The first of `needed` tells the table from all others; `further` may be left out.
 */
export const columnsOf: Readonly<
  Record<TableName, Readonly<{ needed: readonly Heading[]; further: readonly Heading[] }>>
> = {
  terms: { needed: ['term', 'from', 'to'], further: [] },
  bells: { needed: ['end', 'start', 'period', 'from'], further: ['school'] },
  days: { needed: ['dayKind', 'from', 'to'], further: ['school', 'follows', 'periods', 'note'] },
  lessons: {
    needed: ['day1', 'school', 'class', 'period'],
    further: ['weeks', ...weekdayColumns.slice(1), 'mode', 'frontEnd', 'carrier', 'from', 'to'],
  },
  changes: {
    needed: ['change', 'date', 'school', 'class', 'period'],
    further: ['withDate', 'withPeriod', 'subject', 'mode', 'frontEnd', 'carrier'],
  },
};

/** The columns in the order in which they are written. */
export const writtenColumns: Readonly<Record<TableName, readonly Heading[]>> = {
  terms: ['term', 'from', 'to'],
  bells: ['from', 'school', 'period', 'start', 'end'],
  days: ['dayKind', 'from', 'to', 'school', 'follows', 'periods', 'note'],
  lessons: [
    ...(['school', 'class', 'period', 'weeks'] as const),
    ...weekdayColumns,
    ...(['mode', 'frontEnd', 'carrier', 'from', 'to'] as const),
  ],
  changes: [
    ...(['date', 'change', 'school', 'class', 'period', 'withDate', 'withPeriod', 'subject'] as const),
    ...(['mode', 'frontEnd', 'carrier'] as const),
  ],
};

/** The sheet of a template that explains the others; it is passed over. */
export const notesTitle: Text = { zh: '说明', en: 'Notes' };

/** How a heading is written: in both languages, and read in either. */
export function headingText(heading: Heading): string {
  const { zh, en } = headings[heading];
  return `${zh} ${en}`;
}
