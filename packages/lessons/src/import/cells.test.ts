import { describe, expect, it } from 'vitest';
import { clockIn, dateIn, followsIn, namedIn, periodIn, periodsIn, type Reader } from './cells.ts';
import { plain } from './sheet.ts';

function read<T>(reader: Reader<T>, text: string): T | string {
  const answer = reader(plain(text));
  return 'value' in answer ? answer.value : answer.problem.zh;
}

describe('a cell says', () => {
  it.each(['2026-09-01', '2026/9/1', '2026.9.1', '2026年9月1日', '２０２６年９月１日', '20260901', '46266'])(
    'a date: %s',
    (text) => {
      expect(read(dateIn, text)).toBe('2026-09-01');
    },
  );
  it.each(['2026-02-30', '9月1日', '2026-13-01', '99999', '12345', '明天'])('no date: %s', (text) => {
    expect(read(dateIn, text)).toContain('不是日期');
  });

  it.each(['8:30', '08:30', '８：３０', '08:30:00', '0.354166666666667', '.354166666666667'])(
    'a time: %s',
    (text) => {
      expect(read(clockIn, text)).toBe('08:30');
    },
  );
  it.each(['24:00', '8:60', '8点半', '0.9999999'])('no time: %s', (text) => {
    expect(read(clockIn, text)).toContain('不是时间');
  });

  it('a period, or several', () => {
    expect([read(periodIn, '3'), read(periodIn, '第３节')]).toEqual([3, 3]);
    expect([read(periodIn, '0'), read(periodIn, '1.5')]).toEqual([
      '“0”不是节次，应如 3',
      '“1.5”不是节次，应如 3',
    ]);
    expect(read(periodsIn, '1-3、6')).toEqual([1, 2, 3, 6]);
    expect(read(periodsIn, '第1～2节，1')).toEqual([1, 2]);
    expect(read(periodsIn, '4-2')).toContain('不是节次');
  });

  it.each([
    ['周五', 5],
    ['星期天', 7],
    ['礼拜一', 1],
    ['Friday', 5],
    ['fri', 5],
    ['2026/10/9', '2026-10-09'],
  ])('whose lessons a day has: %s', (text, day) => {
    expect(read(followsIn, text)).toBe(day);
  });
  it('nothing of a day that does not exist', () => {
    expect(read(followsIn, '周八')).toBe('“周八”既不是星期几，也不是日期');
  });

  it('a school by its id or name, as people type names; two of one name only by their ids', () => {
    const schools = [
      { id: 'a', name: { zh: '八宝小学（示例）', en: 'Babao' } },
      { id: 'b', name: { zh: '同名', en: 'B' } },
      { id: 'c', name: { zh: '同名', en: 'C' } },
    ];
    const school = namedIn({ zh: '学校', en: 'school' }, schools);
    expect(
      ['A', '八宝小学(示例)', '八宝小学（示例）', 'babao', 'b'].map((text) => read(school, text)),
    ).toEqual([...['a', 'a', 'a', 'a', 'b']]);
    expect(read(school, '同名')).toBe('有多个学校名为“同名”，请填写其编号');
    expect(read(school, '七宝')).toBe('清单中没有名为“七宝”的学校');
  });
});
