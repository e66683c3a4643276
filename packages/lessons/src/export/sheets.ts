import type { Inventory } from '@tongtang/model/inventory';
import type { Text } from '@tongtang/model/text';
import type { LessonChange, Timetable, WeeklyLesson } from '@tongtang/model/timetable';
import { type Heading, headingText, type TableName, weekdayColumns, writtenColumns } from '../columns.ts';
import { carrierWords, changeWords, dayWords, modeWords, weekdayWords, weekWords } from '../words.ts';

type Cells = Readonly<Partial<Record<Heading, string>>>;

/**
 * A table as rows of text, headings first, which an import reads back as it was. Words are Chinese, ids are those of the inventory.
 */
export function tableRows(timetable: Timetable, table: TableName): string[][] {
  const columns = writtenColumns[table];
  const rows = cellsOf[table](timetable).map((cells) => columns.map((column) => cells[column] ?? ''));
  return [columns.map(headingText), ...rows];
}

const cellsOf: Readonly<Record<TableName, (timetable: Timetable) => readonly Cells[]>> = {
  terms: ({ terms }) => terms.map(({ name, from, to }) => ({ term: name, from, to })),
  bells: ({ bells }) =>
    bells.flatMap(({ from, school = '', periods }) =>
      periods.map(({ n, start, end }) => ({ from, school, period: String(n), start, end })),
    ),
  days: ({ days }) =>
    days.map(({ kind, from, to, school = '', follows, periods = [], note = '' }) => ({
      dayKind: dayWords[kind].zh,
      from,
      to,
      school,
      follows: typeof follows === 'number' ? (weekdayWords[follows - 1]?.zh ?? '') : (follows ?? ''),
      periods: periods.join(','),
      note,
    })),
  lessons: ({ lessons }) => weekRows(lessons),
  changes: ({ changes }) => changes.map(changeCells),
};

/** One row for each period of a class and each way in which it has lessons. */
function weekRows(lessons: readonly WeeklyLesson[]): Cells[] {
  const rows = Map.groupBy(lessons, ({ weekday: _, subject: __, ...shared }) =>
    JSON.stringify([
      ...[shared.school, shared.class, shared.period, shared.weeks, shared.mode],
      ...[shared.frontEnd, shared.carrier, shared.from, shared.to],
    ]),
  );
  return [...rows.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subjects = group.map(({ weekday, subject }) => [weekdayColumns[weekday - 1], subject]);
    return [
      {
        school: first.school,
        class: first.class,
        period: String(first.period),
        weeks: weekWords[first.weeks].zh,
        ...Object.fromEntries(subjects),
        mode: modeWords[first.mode].zh,
        frontEnd: first.frontEnd ?? '',
        carrier: carrierWords[first.carrier].zh,
        from: first.from ?? '',
        to: first.to ?? '',
      },
    ];
  });
}

function changeCells(change: LessonChange): Cells {
  const { kind, date, school = '', class: of = '', period } = change;
  const shared = {
    date,
    change: changeWords[kind].zh,
    school,
    class: of,
    period: period === undefined ? '' : String(period),
  };
  if (change.kind === 'swapped')
    return { ...shared, withDate: change.with.date, withPeriod: String(change.with.period) };
  if (change.kind === 'cancelled') return shared;
  return {
    ...shared,
    subject: change.subject,
    mode: modeWords[change.mode].zh,
    frontEnd: change.frontEnd ?? '',
    carrier: carrierWords[change.carrier].zh,
  };
}

/**
 * The sheet of lessons to be filled in: a row for each period of each class of the county, without subjects. Rows that stay so are
 * passed over by an import.
 */
export function blankWeek({ schools, periods }: Inventory): string[][] {
  const columns = writtenColumns.lessons;
  const rows = schools.flatMap(({ id: school, classes }) =>
    classes.flatMap(({ id: of }) =>
      periods.map(({ n }): Cells => ({ school, class: of, period: String(n) })),
    ),
  );
  return [columns.map(headingText), ...rows.map((cells) => columns.map((column) => cells[column] ?? ''))];
}

/** What the first sheet of a template says, a line a row. */
export const notes: readonly Text[] = [
  {
    zh: '填好后导入：tongtang timetable import 文件名。有错时逐条指出工作表、行、列，什么都不会导入。',
    en: 'Import it with: tongtang timetable import <file>. What is wrong is named by sheet, row and column, and nothing is imported.',
  },
  {
    zh: '文件中有的表整张替换原有的表，没有的表保持不变。表头中英文均可；不要合并单元格。',
    en: 'A table that is in the file replaces the one that was there; others stay. Headings may be in either language; do not merge cells.',
  },
  {
    zh: '学校、班级、前端学校填清单中的编号或名称。',
    en: 'Schools, classes and front-end schools by their id or name in the inventory.',
  },
  {
    zh: '学期：学期之外没有课；单双周从学期第一天所在的周（第 1 周，单周）数起。',
    en: 'Terms: there are no lessons outside them; odd and even weeks count from the week of the first day, which is 1.',
  },
  {
    zh: '作息：从开始日期起执行，直到下一个开始日期；学校留空表示全县。',
    en: 'Bells: they hold from their day until the next; without a school, for all.',
  },
  {
    zh: '校历：放假、调休上课（按何日课表填周几或日期）、考试、半天（上课节次填还上的课，如 1-4）。',
    en: 'Calendar: holiday, make-up (Lessons of: a weekday or a date), exam, half day (Periods held: those still held, such as 1-4).',
  },
  {
    zh: '课表：每班每节一行，周几的格里填科目；方式（直播、录播、植入式）、前端学校、承载链路（天网、地网）留空按清单。一行内不同的另起一行。',
    en: 'Lessons: a row for each period of a class, subjects under the weekdays. Mode (live, recorded, embedded), front-end school and link (satellite, broadband) are as in the inventory where empty; what differs goes into another row.',
  },
  {
    zh: '调课：停课（班级、节次留空表示全部）、调课（与对调日期、节次互换）、补课（填科目）。',
    en: 'Changes: cancelled (all where class or period is empty), swapped (with the other date and period), made up (with its subject).',
  },
];
