import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bare, IncidentRecords } from './incident-records.ts';
import { LessonBook } from './lesson-book.ts';
import { brokenAt, recordOf } from './record.fixture.ts';
import type { SettledCounty } from './settled-county.ts';

const dayS = 86_400;
const built = buildInventory({
  county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  schools: [{ id: 'no1', name: { en: 'No. 1' }, classes: 1 }],
  periods: [{ n: 1, start: '08:30', end: '09:10' }],
});
if ('problems' in built) throw new Error(built.problems.join());
const { inventory } = built;

let folder: string;
let store: IncidentStore;
let records: IncidentRecords;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-records-'));
  store = openIncidentStore(join(folder, 'incidents.db'), createLog('error'));
  records = new IncidentRecords({ county: 'qilian', store, changed: () => {} });
});
afterEach(() => {
  vi.restoreAllMocks();
  store.close();
  rmSync(folder, { recursive: true });
});

/** The county as it is settled anew, by the timetable of the inventory unless another is given. */
function settledAt(now: number, book = new LessonBook(inventory, undefined)): SettledCounty {
  return {
    inventory,
    timetable: undefined,
    today: '2026-09-01',
    book,
    formerBooks: [],
    lessonsFrom: now - dayS,
    topology: {
      county: 'qilian',
      timezone: 'Asia/Shanghai',
      schools: [{ id: 'no1' }],
      agents: [],
      lessons: [],
      sunOutages: new Map(),
      closeReportS: 10,
      restReportS: 60,
    },
  };
}

const lasting = bare(recordOf());
const follow = (now: number, incident = lasting, settled = settledAt(now)): void =>
  records.follow([incident], [incident], settled, now);
const startsOf = () => records.find(lasting.id)?.lessons.map(({ start }) => start) ?? [];

describe('the lessons that an incident hits', () => {
  it('stay where it lasts for months, and only those of the last days are looked up', () => {
    for (let day = 0; day < 120; day += 1) follow(brokenAt + day * dayS);
    const before = startsOf();
    expect(before.length).toBeGreaterThan(80);
    const asked = vi.spyOn(LessonBook.prototype, 'of');
    records.renewLessons();
    follow(brokenAt + 120 * dayS);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
    expect(startsOf().slice(0, before.length)).toEqual(before);
    expect(new Set(startsOf()).size).toBe(startsOf().length);
  });

  it('are those that they were when they were held, whatever timetable comes later', () => {
    for (let day = 0; day < 8; day += 1) follow(brokenAt + day * dayS);
    const before = startsOf();
    const now = brokenAt + 8 * dayS;
    const holidays = new LessonBook(inventory, {
      terms: [{ name: 'none', from: '2020-09-01', to: '2021-01-15' }],
      bells: [],
      days: [],
      lessons: [],
      changes: [],
    });
    follow(now, lasting, settledAt(now, holidays));
    expect(startsOf()).toEqual(before.filter((start) => start + 2400 <= now - dayS));
  });

  it('are looked up a month back where it is found to be another', () => {
    const now = brokenAt + 120 * dayS;
    follow(now);
    const asked = vi.spyOn(LessonBook.prototype, 'of');
    follow(now + 60, { ...lasting, place: { ...lasting.place, node: 'school' } });
    expect(asked.mock.calls.length).toBeGreaterThan(30);
    expect(asked.mock.calls.length).toBeLessThan(36);
  });
});
