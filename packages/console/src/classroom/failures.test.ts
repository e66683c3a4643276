import { describe, expect, it } from 'vitest';
import { failuresAmong, failuresIn, foldFailures } from './failures.ts';

const moment = (time: number, error = 'timeout', target = 'hub') => ({
  measurement: 'stamp',
  target,
  source: 'path',
  error,
  time,
});

describe('failures', () => {
  it('are read from the series of source and error, each series its own', () => {
    const tags = [{ target: 'a' }, { target: 'b' }];
    const failure = { times: [10, 20], series: tags.map((set) => ({ tags: set, values: ['path', null] })) };
    const error = {
      times: [10, 20],
      series: [
        { tags: { target: 'b' }, values: ['refused', null] },
        { tags: { target: 'a' }, values: ['timeout', null] },
      ],
    };
    expect(failuresIn('stamp', failure, error).map(({ target, error }) => [target, error])).toEqual([
      ['a', 'timeout'],
      ['b', 'refused'],
    ]);
  });

  it('are read from samples that say they failed', () => {
    const sample = { measurement: 'tcp', tags: { target: 'x' }, time: 5 };
    expect(
      failuresAmong([
        { ...sample, fields: { ok: true } },
        { ...sample, fields: { ok: false, failure: 'target', error: 'refused' } },
      ]),
    ).toEqual([{ measurement: 'tcp', target: 'x', source: 'target', error: 'refused', time: 5 }]);
  });

  it('in a row are told once, with their beginning and end, the newest first', () => {
    const folded = foldFailures([moment(30), moment(10), moment(20), moment(500)], 60, () => false);
    expect(folded.map(({ from, to }) => [from, to])).toEqual([
      [500, 500],
      [10, 30],
    ]);
  });

  it('of another error or target stay apart', () => {
    expect(
      foldFailures([moment(10), moment(20, 'refused'), moment(20, 'timeout', 'x')], 60, () => false),
    ).toHaveLength(3);
  });

  it('go on until now when the newest run of that probe failed', () => {
    const folded = foldFailures([moment(10), moment(500)], 60, () => true);
    expect(folded.map(({ ongoing }) => ongoing)).toEqual([true, false]);
  });
});
