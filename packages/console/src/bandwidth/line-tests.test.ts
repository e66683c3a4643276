import { describe, expect, it } from 'vitest';
import type { FieldValue, Series } from '../api/answers.ts';
import { daysOf, type LineTest, medianRate, testsOf } from './line-tests.ts';

const hour = 3600;
const series = (...lines: readonly [agent: string, ...values: (FieldValue | null)[]][]): Series => ({
  times: [0, hour, 2 * hour],
  series: lines.map(([agent, ...values]) => ({ tags: { agent }, values })),
});
const none = series();

describe('tests of the bandwidth', () => {
  it('are put together from their fields, by agent and time, the newest first', () => {
    const tests = testsOf({
      download: {
        rate: series(['a', 5e6, null, 7e6], ['b', null, 9e6, null]),
        cutShort: series(['a', null, null, 'bytes']),
      },
      upload: { rate: series(['a', 1e6, null, null]), cutShort: series(['a', null, null, 'lesson']) },
    });
    expect(tests).toEqual([
      {
        time: 2 * hour,
        agent: 'a',
        download: { rate: 7e6, cutShort: 'bytes' },
        upload: { cutShort: 'lesson' },
      },
      { time: hour, agent: 'b', download: { rate: 9e6 }, upload: {} },
      { time: 0, agent: 'a', download: { rate: 5e6 }, upload: { rate: 1e6 } },
    ]);
    expect(
      testsOf({ download: { rate: none, cutShort: none }, upload: { rate: none, cutShort: none } }),
    ).toEqual([]);
  });

  const at = (text: string, rate: number, cutShort?: string): LineTest => ({
    time: Date.parse(text) / 1000,
    agent: 'a',
    download: { rate, ...(cutShort !== undefined && { cutShort }) },
    upload: {},
  });

  it('make a day of the county: a test that ran to its end counts before a faster one that did not', () => {
    const tests = [
      at('2026-03-09T23:30:00+08:00', 30e6),
      at('2026-03-10T07:00:00+08:00', 20e6),
      at('2026-03-10T18:00:00+08:00', 90e6, 'bytes'),
    ];
    const days = daysOf(tests, Date.parse('2026-03-11T01:00:00+08:00') / 1000, 3, 'Asia/Shanghai');
    expect(days.map(({ date, download }) => [date, download.rate])).toEqual([
      ['2026-03-09', 30e6],
      ['2026-03-10', 20e6],
      ['2026-03-11', undefined],
    ]);
  });

  it('have a median of those that ran to their end, and none without such', () => {
    const tests = [1, 2, 3].map((rate) => at('2026-03-10T07:00:00Z', rate));
    expect(medianRate([...tests, at('2026-03-10T07:00:00Z', 99, 'rtt')], 'download')).toBe(2);
    expect(medianRate(tests, 'upload')).toBeUndefined();
  });
});
