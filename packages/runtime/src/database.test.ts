import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { inTransaction, isDamage, isReadFailure, openDatabase } from './database.ts';

const options = { migrations: ['CREATE TABLE note (text TEXT NOT NULL)'], durability: 'normal' } as const;
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-database-')), 'sub', 'notes.db');

describe('a database', () => {
  it('makes its folder and tables, and keeps what was written', () => {
    const path = place();
    const first = openDatabase(path, options);
    first.database.exec("INSERT INTO note VALUES ('kept')");
    first.database.close();
    const again = openDatabase(path, {
      ...options,
      migrations: [...options.migrations, 'ALTER TABLE note ADD COLUMN by TEXT'],
    });
    expect(again).not.toHaveProperty('setAside');
    expect(again.database.prepare('SELECT * FROM note').all()).toEqual([{ text: 'kept', by: null }]);
    again.database.close();
  });

  it.each([
    ['rubbish from the first byte', (bytes: Buffer) => bytes.fill(0x5a, 0, 100)],
    ['rubbish in a table page', (bytes: Buffer) => bytes.fill(0xff, 4096, 8192)],
    ['a missing tail', (bytes: Buffer) => bytes.subarray(0, 4096)],
  ])('that is damaged by %s is set aside whole, and a new one begins', (_, damage) => {
    const path = place();
    const { database } = openDatabase(path, options);
    inTransaction(database, () => {
      for (let row = 0; row < 2000; row += 1)
        database.prepare('INSERT INTO note VALUES (?)').run(`note ${row}`);
    });
    database.close();
    writeFileSync(path, damage(readFileSync(path)));
    const reopened = openDatabase(path, options, () => new Date('2026-09-01T02:00:00Z'));
    expect(reopened.setAside).toBe(`${path}.damaged-2026-09-01T02-00-00-000Z`);
    expect(readdirSync(join(path, '..'))).toContain('notes.db.damaged-2026-09-01T02-00-00-000Z');
    expect(reopened.database.prepare('SELECT count(*) AS n FROM note').get()).toEqual({ n: 0 });
    reopened.database.close();
  });

  it('with any one byte of its header or schema wrong is whole or set aside, can be written, and is never taken for a newer one', () => {
    const path = place();
    const { database } = openDatabase(path, options);
    const texts = Array.from({ length: 40 }, (_, n) => `祁连县 ${n}`);
    for (const text of texts) database.prepare('INSERT INTO note VALUES (?)').run(text);
    database.close();
    const sound = readFileSync(path);
    const whole: string[] = [];
    for (const [at, is] of sound.subarray(0, 4096).entries()) {
      const wrong = at < 100 ? [0, 3, 5, 255].filter((byte) => byte !== is) : is === 0 ? [] : [is ^ 1];
      for (const byte of wrong) {
        for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
        writeFileSync(path, Buffer.from(sound).fill(byte, at, at + 1));
        const { database, setAside } = openDatabase(path, options);
        const left = database.prepare('SELECT text FROM note').all();
        expect(left, `${at}: ${byte}`).toEqual(setAside === undefined ? texts.map((text) => ({ text })) : []);
        if (setAside === undefined) whole.push(`${at}: ${byte}`);
        database.prepare('INSERT INTO note VALUES (?)').run('one more');
        database.close();
        if (setAside !== undefined) rmSync(setAside);
      }
    }
    // What SQLite passes over: counters, what it wrote last, and room for later use.
    expect(whole.length).toBeGreaterThan(120);
  });

  it('that was made before versions stood in it twice has them so from then on', () => {
    const path = place();
    openDatabase(path, options).database.close();
    meddle(path, 'PRAGMA application_id = 0');
    const { database, setAside } = openDatabase(path, options);
    expect(setAside).toBeUndefined();
    database.close();
    meddle(path, 'PRAGMA user_version = 2');
    const wrong = openDatabase(path, options);
    expect(wrong.setAside).toBeDefined();
    wrong.database.close();
  });

  it.runIf(process.platform === 'linux')('that the disk cannot read says so, and is not touched', () => {
    const path = place();
    mkdirSync(dirname(path));
    // The kernel answers EIO to whoever reads it from its beginning, as it does for a bad sector.
    symlinkSync('/proc/self/mem', path);
    const opening = caught(() => openDatabase(path, options));
    expect(opening).toMatchObject({ message: 'disk I/O error' });
    expect([isReadFailure(opening), isDamage(opening)]).toEqual([true, false]);
    expect(readdirSync(dirname(path))).toEqual(['notes.db']);
  });

  it('that finds no room is neither unread nor damaged', () => {
    const { database } = openDatabase(place(), options);
    database.exec('PRAGMA max_page_count = 3');
    const full = caught(() => database.exec('INSERT INTO note VALUES (zeroblob(100000))'));
    expect(full).toMatchObject({ message: 'database or disk is full' });
    expect([isReadFailure(full), isDamage(full)]).toEqual([false, false]);
    database.close();
  });

  it('of a newer version is refused, not touched', () => {
    const path = place();
    const { database } = openDatabase(path, {
      ...options,
      migrations: [...options.migrations, 'CREATE TABLE more (n)'],
    });
    database.close();
    expect(() => openDatabase(path, options)).toThrow(
      /made by a newer version of Tongtang \(schema 2, this one knows 1\)/,
    );
  });

  it('gives back to the disk what its WAL grew to while somebody read for long', () => {
    const path = place();
    const { database } = openDatabase(path, options);
    database.exec("INSERT INTO note VALUES ('before')");
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM note').all();
    const megabyte = 'x'.repeat(2 ** 20);
    const write = database.prepare('INSERT INTO note VALUES (?)');
    for (let written = 0; written < 24; written += 1) write.run(megabyte);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(24 * 2 ** 20);
    reader.close();
    // The first after it is written back with all before, and the next begins the WAL anew.
    for (const text of ['one', 'two']) write.run(text);
    expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(16 * 2 ** 20);
    expect(database.prepare('SELECT count(*) AS n FROM note').get()).toEqual({ n: 27 });
    database.close();
  });

  it('rolls back what a transaction threw out of', () => {
    const { database } = openDatabase(place(), options);
    expect(() =>
      inTransaction(database, () => {
        database.exec("INSERT INTO note VALUES ('half')");
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(database.prepare('SELECT count(*) AS n FROM note').get()).toEqual({ n: 0 });
    database.close();
  });
});

function meddle(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
