import { describe, expect, it } from 'vitest';
import type { ReportHead } from '../api/report-answers.ts';
import { chosen, inOrder } from './order.ts';

const share = { part: 1, of: 1 };
const report = (id: string, month: string, part: number, more: Partial<ReportHead> = {}): ReportHead => ({
  id,
  county: 'qilian',
  scope: { kind: 'county', id: 'qilian', name: { zh: '祁连县', en: 'Qilian' } },
  period: { kind: 'month', from: `${month}-01`, to: `${month}-28`, title: { zh: month, en: month } },
  objective: { part: 9950, of: 10_000 },
  title: { zh: id, en: id },
  state: 'issued',
  newest: 1,
  current: 1,
  madeAt: 0,
  madeBy: 'hub',
  why: 'scheduled',
  figures: {
    availability: { part, of: 100 },
    coverage: share,
    schools: share,
    classes: share,
    platforms: share,
  },
  ...more,
});

const ids = (reports: readonly ReportHead[]): string[] => reports.map(({ id }) => id);

describe('reports in order', () => {
  const list = [report('a', '2026-09', 98), report('b', '2026-11', 99), report('c', '2026-10', 90)];

  it('go by the column, either way', () => {
    expect(ids(inOrder(list, { by: 'period', descending: true }))).toEqual(['b', 'c', 'a']);
    expect(ids(inOrder(list, { by: 'period', descending: false }))).toEqual(['a', 'c', 'b']);
    expect(ids(inOrder(list, { by: 'availability', descending: false }))).toEqual(['c', 'a', 'b']);
  });

  it('have what waits for approval before all others, whichever way', () => {
    const waiting = [...list, report('d', '2026-01', 50, { state: 'awaiting' })];
    for (const descending of [true, false])
      expect(ids(inOrder(waiting, { by: 'period', descending }))[0]).toBe('d');
  });

  it('of one period have the newest first', () => {
    const same = [report('old', '2026-11', 1, { madeAt: 1 }), report('new', '2026-11', 1, { madeAt: 2 })];
    expect(ids(inOrder(same, { by: 'period', descending: false }))).toEqual(['new', 'old']);
  });

  it('are turned round when the same column is chosen again', () => {
    const first = chosen({ by: 'period', descending: true }, 'made');
    expect(first).toEqual({ by: 'made', descending: true });
    expect(chosen(first, 'made')).toEqual({ by: 'made', descending: false });
  });
});
