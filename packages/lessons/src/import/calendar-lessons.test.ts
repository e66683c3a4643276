import type { Language } from '@tongtang/model/text';
import type { Timetable } from '@tongtang/model/timetable';
import { describe, expect, it } from 'vitest';
import { county, timetableWith, weekly } from '../county.fixture.ts';
import { lessonCalendar } from '../export/calendar.ts';
import { lessonsOf } from '../lessons-of.ts';
import { problemInWords } from '../problem.ts';
import { importTimetable } from './import.ts';

const timeZone = 'Asia/Shanghai';
/** On Mondays, two classes of one school and one of another; Tuesday is free. */
const present = timetableWith({
  lessons: [
    weekly(),
    weekly({ period: 2, subject: '语文' }),
    weekly({ class: 'c2', subject: '物理' }),
    weekly({ school: 'babao', period: 2, subject: '英语' }),
  ],
});
const monday = '2026-09-07';

const calendar = (text: string) => ({ name: 'x.ics', bytes: new TextEncoder().encode(text) });
const entries = (...events: readonly string[]) =>
  calendar(
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.map((lines) => `BEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\n`).join('')}END:VCALENDAR\r\n`,
  );
const entry = (title: string, start: string, end: string, more = ''): string =>
  `SUMMARY:${title}\r\nDTSTART:20260907T${start}00\r\nDTEND:20260907T${end}00${more}`;

function changes(file: ReturnType<typeof calendar>, before: Timetable = present) {
  const answer = importTimetable([file], county, before);
  if (!answer.ok) throw new Error(answer.problems.map((one) => problemInWords(one, 'en')).join('\n'));
  expect(answer.tables).toEqual(['changes']);
  return answer.timetable.changes;
}

function problems(file: ReturnType<typeof calendar>, language: Language = 'en'): string[] {
  const answer = importTimetable([file], county, present);
  return answer.ok ? [] : answer.problems.map((problem) => problemInWords(problem, language));
}

/** What a person gets who exports the lessons of two days, and has changed some in a calendar program. */
function exported(change: (text: string) => string, ...dates: readonly string[]) {
  const lessons = (dates.length > 0 ? dates : [monday]).flatMap((date) => lessonsOf(present, date, timeZone));
  const text = lessonCalendar(lessons, county, 'zh', new Date('2026-09-01T00:00:00Z'));
  const changed = change(text);
  return calendar(changed);
}
const at = (clock: string): string =>
  new Date(`${monday}T${clock}:00+08:00`).toISOString().replaceAll(/[-:]|\.000/g, '');

describe('an entry of a calendar with a time', () => {
  it('cancels the lessons that it covers: of all schools, of one, or of a class', () => {
    const slots = (location: string) =>
      changes(entries(entry('大扫除 停课', '0900', '0930', location))).map((change) =>
        [change.kind, change.school, change.class, change.date, change.period].join(' '),
      );
    const [maths, chinese, physics, english] = ['hb3z c1', 'hb3z c1', 'hb3z c2', 'babao c1'].map(
      (of, index) => `cancelled ${of} ${monday} ${[1, 2, 1, 2][index]}`,
    );
    expect(slots('').toSorted()).toEqual([maths, chinese, physics, english].toSorted());
    expect(slots('\r\nLOCATION:海北三中').toSorted()).toEqual([maths, chinese, physics].toSorted());
    expect(slots('\r\nLOCATION:海北三中 网班 2')).toEqual([physics]);
  });

  it('moves them, as its title says', () => {
    const to = '\r\nLOCATION:hb3z c1';
    const moved = { kind: 'swapped', school: 'hb3z', class: 'c1', date: monday, period: 1 };
    const free = { ...moved, with: { date: '2026-09-08', period: 3 } };
    expect(changes(entries(entry('数学 调到 2026-09-08 第 3 节', '0830', '0910', to)))).toEqual([free]);
    expect(changes(entries(entry('moved to 2026-09-08 10:20', '0830', '0910', to)))).toEqual([free]);
  });

  it('reads times in whatever zone', () => {
    const utc = 'SUMMARY:停课\r\nDTSTART:20260907T003000Z\r\nDURATION:PT40M\r\nLOCATION:hb3z c1';
    const named =
      'SUMMARY:停课\r\nDTSTART;TZID=Asia/Tokyo:20260907T093000\r\nDTEND;TZID=Asia/Tokyo:20260907T101000\r\nLOCATION:hb3z c1';
    for (const one of [utc, named]) expect(changes(entries(one))).toMatchObject([{ period: 1, class: 'c1' }]);
    expect(problems(entries(named.replaceAll('Asia/Tokyo', 'Nowhere')))).toEqual([
      'x.ics, sheet "VEVENT", row 1: "停课" has no beginning and end that can be read',
    ]);
  });

  it('is named by its place where it cannot be understood', () => {
    const strange = entries(
      entry('家长会', '0830', '0910'),
      entry('停课', '1900', '2000'),
      entry('停课', '0830', '0910', '\r\nLOCATION:体育馆'),
      entry('停课', '0830', '0910', '\r\nRRULE:FREQ=WEEKLY'),
      entry('调课', '0830', '0910', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-08 第 3 节', '0830', '0950', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-08 第 9 节', '0830', '0910', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-07 第 2 节', '0830', '0910', '\r\nLOCATION:hb3z c1'),
    );
    const place = (row: number): string => `x.ics, sheet "VEVENT", row ${row}: `;
    expect(problems(strange)).toEqual([`${place(4)}"停课" comes again: enter each of its days`]);
    const others = entries(
      entry('家长会', '0830', '0910'),
      entry('停课', '1900', '2000'),
      entry('停课', '0830', '0910', '\r\nLOCATION:体育馆'),
      entry('调课', '0830', '0910', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-08 第 3 节', '0830', '0950', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-08 第 9 节', '0830', '0910', '\r\nLOCATION:hb3z c1'),
      entry('调到 2026-09-07 第 2 节', '0830', '0910', '\r\nLOCATION:hb3z c1'),
    );
    expect(problems(others)).toEqual([
      `${place(1)}"家长会" does not say whether lessons are cancelled or moved: call it "cancelled", or "moved to 2026-09-11 period 3"`,
      `${place(2)}there is no lesson on 2026-09-07 at 19:00, when "停课" is`,
      `${place(3)}the inventory has no school "体育馆"`,
      `${place(4)}"调课" does not say to where: such as "moved to 2026-09-11 period 3"`,
      `${place(5)}"调到 2026-09-08 第 3 节" covers several lessons of a class: enter each of them`,
      `${place(6)}the school has no period "9" on 2026-09-08`,
      `${place(7)}the class has "语文" in period 2 of 2026-09-07: move that to period 1 of 2026-09-07, or say it in the sheet of changes`,
    ]);
    expect(problems(entries(entry('停课', '1900', '2000')), 'zh')).toEqual([
      'x.ics，工作表“VEVENT”，第 1 行：2026-09-07 19:00 “停课”期间没有课',
    ]);
  });

  it('leaves whole days as they are, and is read beside them', () => {
    const days = { ...present, days: [{ kind: 'holiday', from: '2026-10-01', to: '2026-10-07' }] } as const;
    const answer = importTimetable([entries(entry('停课', '0830', '0910'))], county, days);
    expect(answer).toMatchObject({ ok: true, tables: ['changes'], timetable: { days: days.days } });
    const both = entries(entry('停课', '0830', '0910'), 'SUMMARY:国庆节 放假\r\nDTSTART;VALUE=DATE:20261001');
    expect(importTimetable([both], county, days)).toMatchObject({ ok: true, tables: ['days', 'changes'] });
  });
});

describe('lessons that were exported to a calendar and come back', () => {
  it('change nothing where nothing was changed, nor where a person has only nudged them', () => {
    expect(changes(exported((text) => text))).toEqual([]);
    expect(changes(exported((text) => text.replace(at('08:30'), at('08:25'))))).toEqual([]);
  });

  it('are moved where they stand at another time, and change places where two do', () => {
    const toThird = (text: string): string => {
      // The lesson of class c1 in period 2.
      const [head = '', ...rest] = text.split('BEGIN:VEVENT');
      const moved = rest.map((event) =>
        event.includes('_hb3z_c1_2026-09-07_2@')
          ? event.replace(at('09:20'), at('10:20')).replace(at('10:00'), at('11:00'))
          : event,
      );
      return [head, ...moved].join('BEGIN:VEVENT');
    };
    const once = {
      kind: 'swapped',
      school: 'hb3z',
      class: 'c1',
      date: monday,
      period: 2,
      with: { date: monday, period: 3 },
    };
    expect(changes(exported(toThird))).toEqual([once]);
    // The same calendar again.
    const after = { ...present, changes: changes(exported(toThird)) };
    expect(changes(exported(toThird), after)).toEqual([once]);

    const exchange = (text: string): string => {
      const [head = '', ...rest] = text.split('BEGIN:VEVENT');
      const moved = rest.map((event) => {
        if (event.includes('_hb3z_c1_2026-09-07_2@'))
          return event.replace(at('09:20'), at('08:30')).replace(at('10:00'), at('09:10'));
        if (event.includes('_hb3z_c1_2026-09-07_1@'))
          return event.replace(at('08:30'), at('09:20')).replace(at('09:10'), at('10:00'));
        return event;
      });
      return [head, ...moved].join('BEGIN:VEVENT');
    };
    expect(changes(exported(exchange))).toEqual([{ ...once, period: 1, with: { date: monday, period: 2 } }]);
  });

  it('are cancelled where they are cancelled', () => {
    const cancel = (text: string): string =>
      text.replace('UID:lesson_qilian_babao', 'STATUS:CANCELLED\r\nUID:lesson_qilian_babao');
    const cancellation = { kind: 'cancelled', school: 'babao', class: 'c1', date: monday, period: 2 };
    expect(changes(exported(cancel))).toEqual([cancellation]);
    expect(changes(exported(cancel), { ...present, changes: changes(exported(cancel)) })).toEqual([
      cancellation,
    ]);
  });

  it('are refused, with their place, where no bell rings or they are of another county', () => {
    expect(
      problems(
        exported((text) => text.replaceAll(at('08:30'), at('20:30')).replaceAll(at('09:10'), at('21:10'))),
      ),
    ).toEqual([
      'x.ics, sheet "VEVENT", row 1: no period of the school is at 20:30 on 2026-09-07',
      'x.ics, sheet "VEVENT", row 2: no period of the school is at 20:30 on 2026-09-07',
    ]);
    const [first] = problems(exported((text) => text.replace('lesson_qilian', 'lesson_gangcha')));
    expect(first).toBe('x.ics, sheet "VEVENT", row 1: it is a lesson of another county (gangcha)');
  });
});
