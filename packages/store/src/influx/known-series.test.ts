import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { seriesPerAgent } from '../telemetry.ts';
import { KnownSeries } from './known-series.ts';
import { migrations } from './late.ts';

const day = 86_400;

function opened() {
  const database = new DatabaseSync(':memory:');
  for (const step of migrations) database.exec(step);
  const kept = (): number => Number(database.prepare('SELECT count(*) AS kept FROM series').get()?.kept);
  return { database, known: new KnownSeries(database), kept };
}

describe('the series that are known', () => {
  it('are in the file alone where their agent is silent for a day', () => {
    const { database, known } = opened();
    for (let n = 0; n < seriesPerAgent; n += 1) known.admits('a-1', `ping,target=t${n}`, 0);
    known.keep();
    // What only the memory has tells whether it is asked.
    database.exec('DELETE FROM series');
    const isFull = (nowS: number): boolean => !known.admits('a-1', 'ping,target=further', nowS);
    expect(isFull(day)).toBe(true);
    known.admits('a-2', 'ping,target=t0', 2 * day);
    expect(isFull(2 * day)).toBe(true);
    known.admits('a-3', 'ping,target=t0', 4 * day);
    expect(isFull(4 * day)).toBe(false);
  });

  it('are written down together, once', () => {
    const { database, known, kept } = opened();
    for (const target of ['t0', 't1', 't0']) known.admits('a-1', `ping,target=${target}`, 0);
    expect(kept()).toBe(0);
    known.keep();
    expect(kept()).toBe(2);
    database.exec('DELETE FROM series');
    known.admits('a-1', 'ping,target=t0', day);
    known.keep();
    expect(kept()).toBe(0);
  });

  it('are noted again each month, so that who goes on writing is not forgotten', () => {
    const { known, database } = opened();
    const seen = () => database.prepare('SELECT seen FROM series').all();
    for (const nowS of [0, 29 * day, 30 * day]) known.admits('a-1', 'ping,target=t0', nowS);
    known.keep();
    expect(seen()).toEqual([{ seen: 30 * day }]);
  });

  it('that a full disk refused are written down when it has room', () => {
    const { database, known, kept } = opened();
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    for (let n = 0; n < 200; n += 1) known.admits('a-1', `ping,target=${'t'.repeat(100)}${n}`, 0);
    expect(() => known.keep()).toThrow(/full/);
    expect(kept()).toBe(0);
    database.exec(`PRAGMA max_page_count = ${pages + 100}`);
    known.keep();
    expect(kept()).toBe(200);
  });
});
