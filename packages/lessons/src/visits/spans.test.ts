import { describe, expect, it } from 'vitest';
import { spansOf } from './spans.ts';

const spring = { name: '2026 春', from: '2026-03-01', to: '2026-07-15' };
const autumn = { name: '2026 秋', from: '2026-09-01', to: '2027-01-15' };
const next = { name: '2027 春', from: '2027-03-01', to: '2027-07-10' };
const terms = [next, spring, autumn];

const told = (from: string, to = from) =>
  spansOf({ from, to }, terms).map((span) => [
    span.name.zh,
    span.from,
    span.to,
    ...(span.goesOn ? ['…'] : []),
  ]);

describe('what visits are counted in', () => {
  it('is the term, from the holidays before it on, and the school year so far', () => {
    expect(told(autumn.from, autumn.to)).toEqual([
      ['2026 秋', '2026-08-01', '2027-01-15'],
      ['2026–2027 学年', '2026-08-01', '2027-01-15', '…'],
    ]);
    expect(told(next.from, next.to)).toEqual([
      ['2027 春', '2027-01-16', '2027-07-10'],
      ['2026–2027 学年', '2026-08-01', '2027-07-10', '…'],
    ]);
  });

  it('is so much of the term as a month has seen; a month of two terms is counted in both', () => {
    expect(told('2026-11-01', '2026-11-30')).toEqual([
      ['2026 秋', '2026-08-01', '2026-11-30', '…'],
      ['2026–2027 学年', '2026-08-01', '2026-11-30', '…'],
    ]);
    expect(told('2027-01-01', '2027-03-31').map(([name]) => name)).toEqual([
      '2026 秋',
      '2027 春',
      '2026–2027 学年',
    ]);
  });

  it('is in January the term that ends, for the next one has not begun', () => {
    expect(told('2027-01-01', '2027-01-31')[0]).toEqual(['2026 秋', '2026-08-01', '2027-01-15']);
  });

  it('in holidays is the term that comes, and after the last one of a year still that', () => {
    expect(told('2027-02-10')[0]).toEqual(['2027 春', '2027-01-16', '2027-02-10', '…']);
    expect(told('2026-08-28')[0]).toEqual(['2026 秋', '2026-08-01', '2026-08-28', '…']);
    expect(told('2026-07-20')).toEqual([
      ['2026 春', '2025-08-01', '2026-07-15'],
      ['2025–2026 学年', '2025-08-01', '2026-07-20', '…'],
    ]);
  });

  it('where no term is entered, is the school year alone, and each that a period touches', () => {
    const names = (from: string, to: string) => spansOf({ from, to }, []).map(({ name }) => name.en);
    expect(names('2026-11-01', '2026-11-30')).toEqual(['school year 2026–2027']);
    expect(names('2026-07-31', '2027-08-01')).toEqual([
      'school year 2025–2026',
      'school year 2026–2027',
      'school year 2027–2028',
    ]);
  });

  it('before all terms is none of them', () => {
    expect(spansOf({ from: '2020-01-01', to: '2020-02-01' }, terms).map(({ of }) => of)).toEqual(['year']);
  });
});
