import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VisitEntry } from '@tongtang/model/visit';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from './open.ts';

let folder: string;
let registry: Registry;
let time = 1_788_000_000;

const open = () => openRegistry(join(folder, 'registry.db'), createLog('error'), () => new Date(time * 1000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-visits-'));
  registry = open();
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const entry: VisitEntry = { school: 'babao', date: '2026-11-10', kind: 'service', note: 'new dish' };

function added(more: Partial<VisitEntry> = {}, county = 'qilian'): string {
  const answer = registry.addVisit(county, { ...entry, ...more }, 'zhang');
  if (!answer.ok) throw new Error(answer.because);
  return answer.visit.id;
}
const trail = () => registry.auditTrail({ limit: 2 }).map(({ who, action, detail }) => [who, action, detail]);

describe('the register of visits', () => {
  it('has each entry with who entered it and when, and the next process has it too', () => {
    const answer = registry.addVisit('qilian', entry, 'zhang');
    const id = answer.ok ? answer.visit.id : '';
    expect(answer).toEqual({ ok: true, visit: { ...entry, id, enteredBy: 'zhang', enteredAt: time } });
    expect(id).toMatch(/^v-[0-9a-f]{12}$/);
    expect(trail()).toEqual([['zhang', 'add visit', '2026-11-10 babao service new dish']]);
    const other = open();
    expect(other.visits('qilian')).toEqual([{ ...entry, id, enteredBy: 'zhang', enteredAt: time }]);
    other.close();
  });

  it('is listed by county, the latest day first; by school, kind and days', () => {
    const a = added();
    const b = added({ date: '2026-11-11', kind: 'research' });
    const c = added({ date: '2026-10-01', school: 'hb3z' });
    added({}, 'elsewhere');
    const ids = (filter: Parameters<Registry['visits']>[1]) =>
      registry.visits('qilian', filter).map(({ id }) => id);
    expect(ids({})).toEqual([b, a, c]);
    expect(ids({ school: 'babao' })).toEqual([b, a]);
    expect(ids({ kind: 'service' })).toEqual([a, c]);
    expect(ids({ from: '2026-11-10', to: '2026-11-10' })).toEqual([a]);
    expect(ids({ to: '2026-11-10', school: 'hb3z', kind: 'research' })).toEqual([]);
  });

  it('keeps who entered what was corrected, and the trail keeps what it was', () => {
    const id = added();
    const enteredAt = time;
    time += 60;
    const right = { ...entry, date: '2026-11-12' };
    expect(registry.correctVisit('qilian', id, right, 'li')).toEqual({
      ok: true,
      visit: { ...right, id, enteredBy: 'zhang', enteredAt, changedBy: 'li', changedAt: time },
    });
    expect(trail()[0]).toEqual([
      'li',
      'correct visit',
      '2026-11-10 babao service new dish → 2026-11-12 babao service new dish',
    ]);
    registry.correctVisit('qilian', id, right, 'wang');
    expect(registry.visits('qilian')).toMatchObject([{ changedBy: 'li' }]);
    expect(registry.correctVisit('elsewhere', id, right, 'li')).toEqual({ ok: false, because: 'unknown' });
  });

  it('has back what was removed, as it was', () => {
    const id = added();
    const [before] = registry.visits('qilian');
    expect(registry.removeVisit('qilian', id, 'li')).toBe(true);
    expect(registry.removeVisit('qilian', id, 'li')).toBe(false);
    expect(registry.removeVisit('qilian', 'v-none', 'li')).toBe(false);
    expect(registry.visits('qilian')).toEqual([]);
    expect(registry.visit('qilian', id)).toEqual({ ...before, isRemoved: true });
    registry.correctVisit('qilian', id, entry, 'li');
    expect(registry.visits('qilian')).toEqual([before]);
    expect(trail()).toEqual([
      ['li', 'bring visit back', '2026-11-10 babao service new dish'],
      ['li', 'remove visit', '2026-11-10 babao service new dish'],
    ]);
  });

  it('has the same only once, added, corrected or brought back', () => {
    const id = added();
    const twice = { ok: false, because: 'twice' };
    expect(registry.addVisit('qilian', entry, 'li')).toEqual(twice);
    const other = added({ note: 'in the afternoon' });
    expect(registry.correctVisit('qilian', other, entry, 'li')).toEqual(twice);
    registry.removeVisit('qilian', id, 'li');
    added();
    expect(registry.correctVisit('qilian', id, entry, 'li')).toEqual(twice);
    // As another entry it may come back, although its like was entered anew.
    expect(registry.correctVisit('qilian', id, { ...entry, note: 'first' }, 'li').ok).toBe(true);
    expect(registry.visits('qilian')).toHaveLength(3);
  });

  it('takes many at once, and of a file that was imported before only what is new', () => {
    added();
    const rows = [entry, { ...entry, kind: 'research' as const }, { ...entry, kind: 'research' as const }];
    expect(registry.missingVisits('qilian', rows)).toBe(1);
    expect(registry.addVisits('qilian', rows, 'li')).toBe(1);
    expect(trail()[0]).toEqual(['li', 'import visits', '1 of 3 rows']);
    expect(registry.addVisits('qilian', rows, 'li')).toBe(0);
    expect(registry.visits('qilian')).toHaveLength(2);
  });

  it('is copied with the registry, and is there again where its file is damaged', () => {
    added();
    registry.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `registry.db${suffix}`), { force: true });
    registry = open();
    expect(registry.visits('qilian')).toHaveLength(1);
  });
});
