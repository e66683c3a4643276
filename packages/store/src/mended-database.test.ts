import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { damage } from './meddle.fixture.ts';
import { MendedDatabase } from './mended-database.ts';

const log = createLog('error').child({}, { level: 'silent' });

/** A database of notes, and for each time that it was opened whether it took the place of another. */
function openNotes() {
  const path = join(mkdtempSync(join(tmpdir(), 'tongtang-mended-')), 'notes.db');
  const replaced: boolean[] = [];
  const options = { migrations: ['CREATE TABLE note (text TEXT)'], durability: 'full' } as const;
  const file = new MendedDatabase(path, options, log, (database, replaces) => {
    replaced.push(replaces);
    return database;
  });
  const write = (): void => file.run((database) => database.exec("INSERT INTO note VALUES ('x')"));
  return { path, file, replaced, write };
}

describe('a mended database', () => {
  it('that was closed refuses work, and is never opened again', async () => {
    const { path, file, replaced, write } = openNotes();
    write();
    file.close();
    expect(write).toThrow(`${path} is closed`);
    await expect(file.runInSlices(async () => {})).rejects.toThrow(`${path} is closed`);
    file.close();
    expect(replaced).toEqual([false]);
    expect(readdirSync(dirname(path))).toEqual(['notes.db']);
  });

  it('that is closed while work is under way is not begun anew by it', async () => {
    const { path, file, replaced } = openNotes();
    const work = file.runInSlices(async (database) => {
      await Promise.resolve();
      database.exec('SELECT * FROM note');
    });
    file.close();
    await expect(work).rejects.toThrow(/not open/);
    expect(replaced).toEqual([false]);
    expect(readdirSync(dirname(path))).toEqual(['notes.db']);
  });

  it('takes the place of a damaged one while it is in use', () => {
    const { path, file, replaced, write } = openNotes();
    file.run((database) => database.exec(`INSERT INTO note VALUES ${"('x'), ".repeat(20_000)} ('x')`));
    damage(path);
    expect(() => file.run((database) => database.prepare('SELECT * FROM note').all())).toThrow(/malformed/);
    write();
    expect(replaced).toEqual([false, true]);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('damaged')).length).toBeGreaterThan(0);
    file.close();
  });
});
