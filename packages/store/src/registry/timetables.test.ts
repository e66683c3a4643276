import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from './open.ts';

let folder: string;
let registry: Registry;
let time = 1_788_000_000;

const open = () => openRegistry(join(folder, 'registry.db'), createLog('error'), () => new Date(time * 1000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-timetables-'));
  registry = open();
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'babao', name: { zh: '八宝小学' }, classes: 1 }],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  registry.importInventory(built.inventory, 'zhang');
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function term(name: string): Timetable {
  return {
    terms: [{ name, from: '2026-09-01', to: '2027-01-15' }],
    bells: [],
    days: [],
    lessons: [],
    changes: [],
  };
}

describe('timetables', () => {
  it('are kept as they were imported, with when and by whom; the same again is no change', () => {
    expect(registry.timetable('qilian')).toBeUndefined();
    expect(registry.importTimetable('qilian', term('秋'), 'zhang')).toBe(true);
    const origin = { importedAt: time, importedBy: 'zhang' };
    time += 60;
    expect(registry.importTimetable('qilian', term('秋'), 'li')).toBe(false);
    expect(registry.timetable('qilian')).toEqual(term('秋'));
    expect(registry.timetableOrigin('qilian')).toEqual(origin);
    const [entry] = registry.auditTrail({ limit: 1 });
    expect(entry).toMatchObject({ who: 'zhang', action: 'import timetable', what: 'county qilian' });
  });

  it('of a county that is not there are refused', () => {
    expect(() => registry.importTimetable('nowhere', term('秋'), 'zhang')).toThrow('no county "nowhere"');
  });

  it('are seen by another process, and told to who listens', () => {
    const other = open();
    const told: string[] = [];
    registry.onChange(({ agents, counties }) => told.push(...agents, ...counties));
    registry.importTimetable('qilian', term('秋'), 'zhang');
    expect(told).toEqual(['qilian']);
    expect(other.timetable('qilian')).toEqual(term('秋'));
    other.close();
  });

  it('can be had back import by import, until there was none', () => {
    registry.importTimetable('qilian', term('春'), 'zhang');
    const origin = registry.timetableOrigin('qilian');
    time += 60;
    registry.importTimetable('qilian', term('秋'), 'li');
    expect(registry.undoTimetable('qilian', 'li')).toEqual({ undone: true, back: origin });
    expect(registry.timetable('qilian')).toEqual(term('春'));
    expect(registry.undoTimetable('qilian', 'li')).toEqual({ undone: true, back: undefined });
    expect(registry.timetable('qilian')).toBeUndefined();
    expect(registry.undoTimetable('qilian', 'li')).toEqual({ undone: false });
    const other = open();
    expect(other.timetable('qilian')).toBeUndefined();
    other.close();
  });

  it('that counted before are told with until when; what was undone never did', () => {
    registry.importTimetable('qilian', term('春'), 'zhang');
    const [first, second] = [time, time + 60];
    time = second;
    registry.importTimetable('qilian', term('秋'), 'li');
    const none = { until: first, timetable: undefined };
    const spring = { until: second, timetable: term('春') };
    expect(registry.formerTimetables('qilian', 0)).toEqual([none, spring]);
    expect(registry.formerTimetables('qilian', first)).toEqual([spring]);
    registry.undoTimetable('qilian', 'li');
    expect(registry.formerTimetables('qilian', 0)).toEqual([none]);
    registry.undoTimetable('qilian', 'li');
    expect(registry.formerTimetables('qilian', 0)).toEqual([]);
  });

  it('of the last 50 imports are kept', () => {
    for (let n = 0; n < 60; n++) registry.importTimetable('qilian', term(`${n}`), 'zhang');
    let undone = 0;
    while (registry.undoTimetable('qilian', 'zhang').undone) undone++;
    expect([undone, registry.timetable('qilian')]).toEqual([50, term('9')]);
  });

  it('go with their county', () => {
    registry.importTimetable('qilian', term('秋'), 'zhang');
    registry.removeInventory('qilian', 'zhang');
    expect(registry.timetable('qilian')).toBeUndefined();
    expect(registry.timetableOrigin('qilian')).toBeUndefined();
  });
});
