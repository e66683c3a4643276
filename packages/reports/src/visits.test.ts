import { county, timetableWith } from '@tongtang/lessons/county.fixture';
import { describe, expect, it } from 'vitest';
import { scopeOf } from './make-report.ts';
import { monthPeriod, termPeriod } from './period.ts';
import { registered, reportOf } from './term.fixture.ts';

const timetable = timetableWith();
const autumn = termPeriod({ name: '2026 秋', from: '2026-09-01', to: '2027-01-15' });

describe('visits and activities in a report', () => {
  it('are counted school by school: of a term in the term, of a year over the year to date', async () => {
    const { visits } = await reportOf({ timetable });
    expect(
      visits.spans.map(({ kind, name, from, to, goesOn, done, target, missing, lacking }) => [
        ...[kind, name.zh, from, to, goesOn, done, target, missing, lacking],
      ]),
    ).toEqual([
      ['first', '2026 秋', '2026-08-01', '2026-11-29', true, 1, 2, 1, 1],
      ['inspection', '2026–2027 学年', '2026-08-01', '2026-11-29', true, 1, 4, 3, 2],
      ['research', '2026–2027 学年', '2026-08-01', '2026-11-29', true, 0, 6, 6, 2],
      ['service', '2026 秋', '2026-08-01', '2026-11-29', true, 2, 8, 6, 2],
    ]);
    expect(visits.schools.map(({ name, kinds }) => [name.zh, kinds.service])).toEqual([
      ['海北三中', { done: 1, target: 4, missing: 3 }],
      ['八宝小学（示例）', { done: 1, target: 4, missing: 3 }],
    ]);
  });

  it('of a term have all of it, and of the year what is over', async () => {
    const { visits } = await reportOf({ timetable, period: autumn });
    expect(visits.spans.map(({ kind, to, goesOn, done }) => [kind, to, goesOn, done])).toEqual([
      ['first', '2027-01-15', false, 1],
      ['inspection', '2027-01-15', true, 2],
      ['research', '2027-01-15', true, 0],
      ['service', '2027-01-15', false, 2],
    ]);
  });

  it('are listed where they were counted, the earliest first, with who entered them', async () => {
    const { visits } = await reportOf({ timetable });
    expect(visits.entries.map(({ date, kind, enteredBy }) => [date, kind, enteredBy])).toEqual([
      ['2026-08-28', 'service', 'zhang'],
      ['2026-09-03', 'first', 'zhang'],
      ['2026-11-24', 'inspection', 'zhang'],
      ['2026-11-24', 'service', 'zhang'],
    ]);
  });

  it('of one school are its own, and targets are those of the county', async () => {
    const scope = scopeOf(county, 'school', 'babao');
    const inventory = { ...county, visitTargets: { inspection: 1 } };
    const { visits } = await reportOf({ timetable, inventory, ...(scope && { scope }) });
    expect(visits.schools).toHaveLength(1);
    expect(visits.schools[0]?.kinds.inspection).toEqual({ done: 1, target: 1, missing: 0 });
    expect(visits.entries.every(({ school }) => school === 'babao')).toBe(true);
  });

  it('are an input: one that is counted makes another version, one that is not makes none', async () => {
    const september = monthPeriod('2026-09');
    const version = async (visits = registered) =>
      (await reportOf({ timetable, ...(september && { period: september }), visits })).inputs.visits;
    const known = await version();
    expect(await version(registered.toReversed())).toBe(known);
    expect(await version(registered.filter(({ date }) => date < '2026-11-01'))).toBe(known);
    expect(await version(registered.filter(({ kind }) => kind !== 'first'))).not.toBe(known);
  });

  it('say nothing of a term that nobody entered', async () => {
    const { visits } = await reportOf();
    expect(visits.spans.map(({ kind }) => kind)).toEqual(['inspection', 'research']);
    expect(visits.schools[0]?.kinds.first).toEqual({ done: 0, target: 0, missing: 0 });
  });
});
