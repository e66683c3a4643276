import type { Language } from '@tongtang/model/text';
import type { Timetable } from '@tongtang/model/timetable';
import { describe, expect, it } from 'vitest';
import { county, timetableWith, weekly } from '../county.fixture.ts';
import { lessonsOf } from '../lessons-of.ts';
import { problemInWords } from '../problem.ts';
import { importTimetable } from './import.ts';

const csv = (text: string, name = 'x.csv') => ({ name, bytes: new TextEncoder().encode(text) });
const terms = csv('学期,开始日期,结束日期\n2026 秋,2026-09-01,2027-01-15\n', 'terms.csv');
const lessons = (rows: string) =>
  csv(`学校,班级,节次,单双周,周一,周二,方式,前端学校,承载链路,开始日期,结束日期\n${rows}`, 'lessons.csv');

function imported(files: Parameters<typeof importTimetable>[0], present?: Timetable): Timetable {
  const answer = importTimetable(files, county, present);
  if (!answer.ok) throw new Error(answer.problems.map((problem) => problemInWords(problem, 'en')).join('\n'));
  return answer.timetable;
}

function problems(
  files: Parameters<typeof importTimetable>[0],
  present?: Timetable,
  language: Language = 'en',
): string[] {
  const answer = importTimetable(files, county, present);
  return answer.ok ? [] : answer.problems.map((problem) => problemInWords(problem, language));
}

describe('an import', () => {
  it('takes what a row leaves open from the inventory: mode, front-end school, bells', () => {
    const timetable = imported([
      terms,
      lessons('海北三中,网班 1,1,,数学,英语,,,,,\nbabao,c1,2,,语文,,,,,,\n'),
    ]);
    expect(timetable.lessons).toEqual([
      weekly({ frontEnd: 'cd7z' }),
      weekly({ frontEnd: 'cd7z', weekday: 2, subject: '英语' }),
      weekly({ school: 'babao', period: 2, subject: '语文', mode: 'embedded', carrier: 'broadband' }),
    ]);
    expect(timetable.bells).toEqual([{ from: '2000-01-01', periods: county.periods }]);
  });

  it('reads headings in English, in both languages, in any order, below a title', () => {
    const english = csv(
      'Timetable of autumn\n\nTue,Mon,class,SCHOOL,Period,承载链路 Carried by,Mode\n,Maths,c1,hb3z,1,地网,recorded\n',
    );
    expect(imported([terms, english]).lessons).toEqual([
      weekly({ subject: 'Maths', mode: 'recorded', carrier: 'broadband', frontEnd: 'cd7z' }),
    ]);
  });

  it('replaces the tables that it has and keeps the others', () => {
    const before = imported([terms, lessons('hb3z,c1,1,,数学,,,,,,\n')]);
    const changes = csv('日期,变动,学校,班级,节次\n2026-09-07,停课,hb3z,,\n');
    const after = imported([changes], before);
    expect(after).toEqual({
      ...before,
      changes: [{ kind: 'cancelled', date: '2026-09-07', school: 'hb3z' }],
    });
    expect(imported([csv('日期,变动,学校,班级,节次\n')], after)).toEqual(before);
  });

  it('reads sheets of the same table as one: a file for each school', () => {
    const timetable = imported([
      terms,
      lessons('hb3z,c1,1,,数学,,,,,,\n'),
      { ...lessons('babao,c1,1,,语文,,,,,,\n'), name: 'babao.csv' },
    ]);
    expect(timetable.lessons.map(({ school }) => school)).toEqual(['hb3z', 'babao']);
  });

  it('passes over rows of a template in which no subject was filled in', () => {
    expect(imported([terms, lessons('hb3z,c1,1,,,,,,,,\n')]).lessons).toEqual([]);
  });

  it('reads bells, calendar and changes of every kind', () => {
    const bells = csv('生效,x\n');
    expect(problems([bells])).toHaveLength(1);
    const timetable = imported([
      terms,
      csv(
        '开始日期,学校,节次,上课,下课\n2026-05-01,,1,8:00,8:40\n2026-05-01,,2,8:50,9:30\n2026-10-01,babao,1,9:00,9:40\n',
      ),
      csv(
        '日期类型,开始日期,结束日期,学校,按何日课表,上课节次,备注\n放假,2026-10-01,2026-10-07,,,,国庆节\n调休上课,2026-10-10,,,周四,,\n考试,2026-11-05,2026-11-06,hb3z,,,\n半天,2026-12-31,,,,1-2,\n',
      ),
      lessons('hb3z,c1,1,,数学,英语,,,,,\n'),
      csv(
        '日期,变动,学校,班级,节次,对调日期,对调节次,科目\n2026-09-07,调课,hb3z,c1,1,2026-09-09,2,\n2026-09-12,补课,hb3z,c1,2,,,化学\n2026-09-08,停课,,,,,,\n',
      ),
    ]);
    expect(timetable.bells).toEqual([
      {
        from: '2026-05-01',
        periods: [
          { n: 1, start: '08:00', end: '08:40' },
          { n: 2, start: '08:50', end: '09:30' },
        ],
      },
      { from: '2026-10-01', school: 'babao', periods: [{ n: 1, start: '09:00', end: '09:40' }] },
    ]);
    expect(timetable.days).toEqual([
      { kind: 'holiday', from: '2026-10-01', to: '2026-10-07', note: '国庆节' },
      { kind: 'make-up', from: '2026-10-10', to: '2026-10-10', follows: 4 },
      { kind: 'exam', from: '2026-11-05', to: '2026-11-06', school: 'hb3z' },
      { kind: 'half', from: '2026-12-31', to: '2026-12-31', periods: [1, 2] },
    ]);
    expect(timetable.changes.map(({ kind }) => kind)).toEqual(['swapped', 'made-up', 'cancelled']);
    expect(lessonsOf(timetable, '2026-09-12', 'Asia/Shanghai').map(({ subject }) => subject)).toEqual([
      '化学',
    ]);
  });

  it('reads the school calendar from an iCalendar file', () => {
    const event = (lines: string) => `BEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\n`;
    const calendar = (events: string) =>
      csv(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events}END:VCALENDAR\r\n`, 'x.ics');
    const days = [
      event('SUMMARY:国庆节 放假\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008'),
      event('SUMMARY:调休上课 按周四\r\nDTSTART;VALUE=DATE:20261010'),
    ].join('');
    expect(imported([calendar(days)]).days).toEqual([
      { kind: 'holiday', from: '2026-10-01', to: '2026-10-07', note: '国庆节 放假' },
      { kind: 'make-up', from: '2026-10-10', to: '2026-10-10', follows: 4, note: '调休上课 按周四' },
    ]);
    const strange = [
      event('SUMMARY:数学\r\nDTSTART:20261001T083000'),
      event('SUMMARY:家长会\r\nDTSTART;VALUE=DATE:20261001'),
      event('SUMMARY:周末休息\r\nDTSTART;VALUE=DATE:20261003\r\nRRULE:FREQ=WEEKLY'),
    ].join('');
    expect(problems([calendar(strange)])).toEqual([
      'x.ics, sheet "VEVENT", row 1: "数学" has no beginning and end that can be read',
      'x.ics, sheet "VEVENT", row 2: "家长会" does not say whether it is a holiday, a make-up day, an exam or half a day',
      'x.ics, sheet "VEVENT", row 3: "周末休息" comes again: enter each of its days',
    ]);
    expect(problems([calendar(event('SUMMARY:补班\r\nDTSTART;VALUE=DATE:20261010'))])).toHaveLength(1);
    expect(problems([csv('BEGIN:VCALENDAR\nBEGIN:VEVENT\n', 'x.ics')])).toEqual([
      'x.ics: it is no valid iCalendar file',
    ]);
  });
});

describe('what is wrong', () => {
  it('is named all at once by file, row, column and heading, and nothing is imported', () => {
    const answer = problems([
      csv('学期,开始日期,结束日期\n秋,明天,\n', 'terms.csv'),
      lessons('hb3z,c9,0,三周,数学,,讲座,,,,\n北校,,,,数学,,,,,,\n'),
    ]);
    expect(answer).toEqual([
      'terms.csv, row 2, column B (From): "明天" is no date such as 2026-09-01',
      'terms.csv, row 2, column C (To): it must not be empty',
      'lessons.csv, row 2, column B (Class): the inventory has no class "c9"',
      'lessons.csv, row 2, column C (Period): "0" is no period such as 3',
      'lessons.csv, row 2, column D (Weeks): "三周" must be one of every, odd, even',
      'lessons.csv, row 2, column G (Mode): "讲座" must be one of live, recorded, embedded',
      'lessons.csv, row 3, column A (School): the inventory has no school "北校"',
      'lessons.csv, row 3, column C (Period): it must not be empty',
    ]);
  });

  it('is told in Chinese too', () => {
    expect(
      problems([csv('学期,开始日期,结束日期\n秋,明天,2027-01-15\n', 'terms.csv')], undefined, 'zh'),
    ).toEqual(['terms.csv，第 2 行 B 列（开始日期）：“明天”不是日期，应如 2026-09-01']);
  });

  it.each([
    ['a file without a table', 'x,y\n1,2\n', /no row has the headings/],
    ['an unknown heading', '学期,开始日期,结束日期,校长\n', /row 1, column D: unknown column "校长"/],
    ['a heading of another table', '学期,开始日期,结束日期,科目\n', /unknown column "科目"/],
    [
      'a heading that is there twice',
      '学期,开始日期,结束日期,From\n',
      /column D: the column "From" is there twice/,
    ],
    ['a heading that is missing', '学期,开始日期\n', /the column "To" is missing/],
    ['an empty file', '', /hold no table/],
    [
      'an end before the beginning',
      '学期,开始日期,结束日期\n秋,2026-09-01,2026-08-01\n',
      /row 2: it ends on/,
    ],
    [
      'terms that overlap',
      '学期,开始日期,结束日期\n秋,2026-09-01,2027-01-15\n冬,2027-01-15,2027-02-01\n',
      /row 3: it overlaps another term/,
    ],
    [
      'two rows of the calendar for one day',
      '日期类型,开始日期,结束日期\n放假,2026-10-01,2026-10-07\n考试,2026-10-03,\n',
      /row 3: another row of the calendar is of the same day/,
    ],
    [
      'a make-up day of no other day',
      '日期类型,开始日期,结束日期,按何日课表\n调休上课,2026-10-10,,\n',
      /\(Lessons of\): it must not be empty/,
    ],
    [
      'make-up days in one row',
      '日期类型,开始日期,结束日期,按何日课表\n调休上课,2026-10-10,2026-10-11,周五\n',
      /one a row/,
    ],
    [
      'a half day that does not say which',
      '日期类型,开始日期,结束日期,上课节次\n半天,2026-10-10,,\n',
      /\(Periods held\): it must not be empty/,
    ],
    [
      'a holiday with lessons',
      '日期类型,开始日期,结束日期,上课节次\n放假,2026-10-10,,1\n',
      /a holiday has no lessons/,
    ],
    [
      'bells that ring backwards',
      '开始日期,节次,上课,下课\n2026-09-01,1,9:00,8:30\n',
      /\(End\): 08:30 is not after 09:00/,
    ],
    [
      'periods that overlap',
      '开始日期,节次,上课,下课\n2026-09-01,1,8:00,8:40\n2026-09-01,2,8:30,9:10\n',
      /row 3, column C \(Start\): period 2 begins at 08:30, before period 1 ends/,
    ],
    [
      'a period with two times',
      '开始日期,节次,上课,下课\n2026-09-01,1,8:00,8:40\n2026-09-01,1,9:00,9:40\n',
      /row 3, column B \(Period\): period 1 has two times/,
    ],
  ])('%s', (_, text, words) => {
    const answer = problems([csv(text)]);
    expect(answer).toHaveLength(1);
    expect(answer[0]).toMatch(words);
  });

  it.each([
    [
      'a class in two lessons at once',
      'hb3z,c1,1,,数学,,,,,,\nhb3z,c1,1,单周,英语,,,,,,\n',
      /row 3: the class has "数学" in period 1 at the same time, row 2/,
    ],
    [
      'a lesson in a period that has no bell',
      'hb3z,c1,7,,数学,,,,,,\n',
      /row 2: the bells of 2026-09-01 have no period 7/,
    ],
  ])('%s', (_, rows, words) => {
    const answer = problems([terms, lessons(rows)]);
    expect(answer).toHaveLength(1);
    expect(answer[0]).toMatch(words);
  });

  it('is not two lessons in one period of other weeks, or one after the other', () => {
    expect(problems([terms, lessons('hb3z,c1,1,单周,数学,,,,,,\nhb3z,c1,1,双周,英语,,,,,,\n')])).toEqual([]);
    const seasons = 'hb3z,c1,1,,数学,,,,,,2026-10-31\nhb3z,c1,1,,英语,,,,,2026-11-01,\n';
    expect(problems([terms, lessons(seasons)])).toEqual([]);
  });

  it('is a lesson whose period other bells, of later in the term, no longer have', () => {
    const bells = csv(
      '开始日期,节次,上课,下课\n2026-05-01,1,8:00,8:40\n2026-05-01,2,9:00,9:40\n2026-10-01,1,8:30,9:10\n',
    );
    const answer = problems([
      terms,
      bells,
      lessons('hb3z,c1,2,,数学,,,,,,\nhb3z,c1,2,,,英语,,,,,2026-09-30\n'),
    ]);
    expect(answer).toEqual(['lessons.csv, row 2: the bells of 2026-10-01 have no period 2']);
  });

  it('is a lesson of no term', () => {
    expect(problems([lessons('hb3z,c1,1,,数学,,,,,,\n')])[0]).toContain('there is no term');
  });

  it.each([
    ['停课,2026-09-09,,,,,', /no such lesson on 2026-09-09/],
    ['停课,2026-09-07,babao,,,,', /no such lesson/],
    ['停课,2026-09-07,,,,2026-09-08,', /it is for swapped lessons only/],
    ['调课,2026-09-09,hb3z,c1,1,2026-09-10,1', /nothing to swap/],
    ['调课,2026-09-07,hb3z,c1,1,2026-09-08,9', /no period 9/],
    ['调课,2026-09-07,hb3z,c1,1,2026-09-08,1\n调课,2026-09-07,hb3z,c1,1,2026-09-10,1', /changed twice/],
    ['补课,2026-09-07,hb3z,c1,1,,', /\(Subject\): it must not be empty/],
    ['补课,2026-09-07,hb3z,c1,1,,,化学', /has "数学" in period 1 of 2026-09-07: cancel that first/],
  ])('is a change that changes nothing, or too much: %s', (row, words) => {
    const present = timetableWith({ lessons: [weekly()] });
    const answer = problems([csv(`变动,日期,学校,班级,节次,对调日期,对调节次,科目\n${row}\n`)], present);
    expect(answer).toHaveLength(1);
    expect(answer[0]).toMatch(words);
  });

  it('is a class of the present timetable that the inventory no longer has', () => {
    const present = timetableWith({ lessons: [weekly({ class: 'c9' })] });
    expect(problems([csv('日期类型,开始日期,结束日期\n')], present)).toEqual([
      'hb3z/c9 of the present timetable is no longer in the inventory: import all sheets anew',
    ]);
  });
});
