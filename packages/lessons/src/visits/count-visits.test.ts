import { usualTargets, type VisitEntry, type VisitKind, visitKinds } from '@tongtang/model/visit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusDays } from '../plain-date.ts';
import { countedVisits, countVisits, targetsOf } from './count-visits.ts';
import { spansOf } from './spans.ts';

const schools = [{ id: 'hb3z' }, { id: 'babao' }];
const terms = [
  { name: '秋', from: '2026-09-01', to: '2027-01-15' },
  { name: '春', from: '2027-03-01', to: '2027-07-10' },
];
const visit = (school: string, kind: VisitKind, ...dates: string[]): VisitEntry[] =>
  dates.map((date) => ({ school, kind, date, note: '' }));

describe('visits counted against the targets', () => {
  it('are the 1234 where a county says nothing else', () => {
    expect(targetsOf({})).toEqual({ first: 1, inspection: 2, research: 3, service: 4 });
    expect(targetsOf({ visitTargets: { service: 6 } })).toEqual({ ...usualTargets, service: 6 });
  });

  it('count school by school, those of the term in the term and those of the year in the year', () => {
    const spring = spansOf({ from: '2027-03-01', to: '2027-07-10' }, terms);
    const visits = [
      ...visit('hb3z', 'first', '2026-09-03', '2027-02-26'),
      ...visit('hb3z', 'service', '2026-12-01', '2027-04-02', '2027-05-02', '2027-07-11'),
      ...visit('hb3z', 'inspection', '2026-10-10', '2027-05-11'),
      ...visit('babao', 'research', '2026-10-10', '2026-11-10', '2026-12-10', '2027-04-01'),
      ...visit('elsewhere', 'service', '2027-04-02'),
    ];
    const { schools: counted, spans } = countVisits(visits, usualTargets, spring, schools);
    expect(counted).toEqual([
      {
        school: 'hb3z',
        kinds: {
          first: { done: 1, target: 1, missing: 0 },
          inspection: { done: 2, target: 2, missing: 0 },
          research: { done: 0, target: 3, missing: 3 },
          service: { done: 2, target: 4, missing: 2 },
        },
      },
      {
        school: 'babao',
        kinds: {
          first: { done: 0, target: 1, missing: 1 },
          inspection: { done: 0, target: 2, missing: 2 },
          research: { done: 4, target: 3, missing: 0 },
          service: { done: 0, target: 4, missing: 4 },
        },
      },
    ]);
    expect(
      spans.map(({ kind, name, each, done, target, missing, lacking }) => [
        ...[kind, name.zh, each, done, target, missing, lacking],
      ]),
    ).toEqual([
      ['first', '春', 1, 1, 2, 1, 1],
      ['inspection', '2026–2027 学年', 2, 2, 4, 2, 1],
      ['research', '2026–2027 学年', 3, 4, 6, 3, 1],
      ['service', '春', 4, 2, 8, 6, 2],
    ]);
    expect(countedVisits(visits, spring, schools)).toHaveLength(1 + 2 + 2 + 4);
  });

  it('what is too much in one term is not there in the next', () => {
    const both = spansOf({ from: '2026-09-01', to: '2027-07-10' }, terms);
    const visits = visit('hb3z', 'first', '2026-09-01', '2026-09-02');
    const [first] = countVisits(visits, usualTargets, both, schools).schools;
    expect(first?.kinds.first).toEqual({ done: 2, target: 2, missing: 1 });
  });

  it('add up: each counted entry once, and schools to what is said of all', () => {
    const entries = fc.array(
      fc.record({
        school: fc.constantFrom('hb3z', 'babao', 'elsewhere'),
        kind: fc.constantFrom(...visitKinds),
        date: fc.integer({ min: 0, max: 800 }).map((day) => plusDays('2026-01-01', day)),
        note: fc.constant(''),
      }),
    );
    const day = fc.integer({ min: 0, max: 800 });
    fc.assert(
      fc.property(entries, day, day, (visits, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((days) => plusDays('2026-01-01', days));
        const spans = spansOf({ from: from ?? '', to: to ?? '' }, terms);
        const counts = countVisits(visits, usualTargets, spans, schools);
        const all = counts.schools.flatMap(({ kinds }) => Object.values(kinds));
        for (const part of ['done', 'target', 'missing'] as const) {
          const sum = (of: readonly { done: number; target: number; missing: number }[]): number =>
            of.reduce((total, one) => total + one[part], 0);
          expect(sum(all)).toBe(sum(counts.spans));
        }
        expect(all.every(({ done, target, missing }) => missing >= target - done && missing <= target)).toBe(
          true,
        );
        const done = all.reduce((total, one) => total + one.done, 0);
        expect(countedVisits(visits, spans, schools)).toHaveLength(done);
      }),
    );
  });
});
