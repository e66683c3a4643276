import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '@tongtang/runtime/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyDatabases } from './database-copies.ts';

let folder: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-copies-'));
  to = join(folder, 'safe', 'place');
});
afterEach(() => rmSync(folder, { recursive: true }));

const migrations = ['CREATE TABLE kept (number INTEGER)'];

function open(name: string): DatabaseSync {
  return openDatabase(join(folder, name), { migrations, durability: 'normal' }).database;
}

function numbersIn(path: string): unknown[] {
  const copy = new DatabaseSync(path, { readOnly: true });
  const numbers = copy.prepare('SELECT number FROM kept ORDER BY number').all();
  copy.close();
  return numbers.map((row) => row.number);
}

describe('copies of the databases', () => {
  it('are whole while the hub writes: what is committed is in them, although it is only in the log', () => {
    const database = open('ledger.db');
    database.exec('INSERT INTO kept VALUES (1), (2)');
    database.exec('BEGIN; INSERT INTO kept VALUES (3)');
    expect(copyDatabases(folder, to)).toEqual([{ name: 'ledger.db', bytes: expect.any(Number) }]);
    expect(numbersIn(join(to, 'ledger.db'))).toEqual([1, 2]);
    database.exec('COMMIT');
    database.close();
  });

  it('take the place of older ones, with nothing beside them', () => {
    const database = open('ledger.db');
    copyDatabases(folder, to);
    database.exec('INSERT INTO kept VALUES (4)');
    copyDatabases(folder, to);
    database.close();
    expect(readdirSync(to)).toEqual(['ledger.db']);
    expect(numbersIn(join(to, 'ledger.db'))).toEqual([4]);
  });

  it('leave the older one where the database cannot be read', () => {
    const database = open('ledger.db');
    database.exec('INSERT INTO kept VALUES (5)');
    copyDatabases(folder, to);
    database.close();
    writeFileSync(join(folder, 'ledger.db'), 'no database');
    expect(() => copyDatabases(folder, to)).toThrow();
    expect(readdirSync(to)).toEqual(['ledger.db']);
    expect(numbersIn(join(to, 'ledger.db'))).toEqual([5]);
  });

  it('are nobody else’s business', () => {
    open('registry.db').close();
    copyDatabases(folder, to);
    expect(statSync(join(to, 'registry.db')).mode & 0o777).toBe(0o600);
    expect(statSync(to).mode & 0o777).toBe(0o700);
  });

  it('are none where no hub has run', () => {
    expect(copyDatabases(join(folder, 'nowhere'), to)).toEqual([]);
  });
});
