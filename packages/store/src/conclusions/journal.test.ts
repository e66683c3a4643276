import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@tongtang/runtime/database';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConclusionJournal, idsBetween, migrations, openConclusionJournal } from './journal.ts';

let folder: string;
let journal: ConclusionJournal;
const open = () => openConclusionJournal(join(folder, 'conclusions.db'), createLog('error'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-journal-'));
  journal = open();
  journal.writtenTo('http://one/tongtang');
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const sheet = { madeOf: 'minutes 1', fingerprint: 'abc' } as const;

describe('the journal of what is written', () => {
  it('knows after a restart what a sheet was made of', () => {
    journal.written('day qilian 2026-11-25', sheet, []);
    journal.close();
    journal = open();
    journal.writtenTo('http://one/tongtang');
    expect(journal.sheet('day qilian 2026-11-25')).toEqual(sheet);
    expect(journal.sheet('day qilian 2026-11-26')).toBeUndefined();
  });

  it('has the days made anew that an incident lies in, and begins none that it does not know', () => {
    journal.written('day qilian 2026-11-25', sheet, []);
    journal.written('incident x', sheet, ['day qilian 2026-11-25', 'day qilian 2026-11-26']);
    expect(journal.sheet('day qilian 2026-11-25')).toEqual({ madeOf: '', fingerprint: 'abc' });
    expect(journal.sheet('day qilian 2026-11-26')).toBeUndefined();
  });

  it('does not know what is there of a sheet that was begun, but still what it was made of before', () => {
    journal.written('incident x', sheet, []);
    journal.begun('incident x');
    journal.begun('incident y');
    expect(journal.sheet('incident x')).toEqual({ madeOf: 'minutes 1', fingerprint: '' });
    expect(journal.sheet('incident y')).toBeUndefined();
    journal.written('incident x', sheet, []);
    expect(journal.sheet('incident x')).toEqual(sheet);
  });

  it('finds sheets by how their ids begin, whatever letters that has', () => {
    for (const id of ['places a_b', 'places a', 'schools a']) journal.written(id, sheet, []);
    expect(journal.ids('places ')).toEqual(['places a', 'places a_b']);
    expect(journal.ids('places a_')).toEqual(['places a_b']);
    journal.written('places 县😀', sheet, []);
    expect(journal.ids('places 县')).toEqual(['places 县😀']);
  });

  it('finds them without going through the others', () => {
    const { database } = openDatabase(join(folder, 'plan.db'), { migrations, durability: 'normal' });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${idsBetween}`).all();
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH sheet USING PRIMARY KEY (id>? AND id<?)']);
    database.close();
  });

  it('forgets everything where it is written to another place', () => {
    journal.written('incident x', sheet, []);
    journal.writtenTo('http://one/tongtang');
    expect(journal.sheet('incident x')).toEqual(sheet);
    journal.writtenTo('http://two/tongtang');
    expect(journal.sheet('incident x')).toBeUndefined();
  });

  it('forgets everything when it is told to', () => {
    journal.written('incident x', sheet, []);
    journal.forget();
    expect(journal.ids('')).toEqual([]);
  });
});
