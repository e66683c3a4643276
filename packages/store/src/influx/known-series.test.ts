import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { seriesPerAgent } from '../telemetry.ts';
import { KnownSeries } from './known-series.ts';
import { migrations } from './late.ts';

const day = 86_400;

it('what is known of the series of an agent that is silent for a day is in the file alone', () => {
  const database = new DatabaseSync(':memory:');
  for (const step of migrations) database.exec(step);
  const known = new KnownSeries(database);
  for (let n = 0; n < seriesPerAgent; n += 1) known.admits('a-1', `ping,target=t${n}`, 0);
  // What only the memory has tells whether it is asked.
  database.exec('DELETE FROM series');
  const isFull = (nowS: number): boolean => !known.admits('a-1', 'ping,target=further', nowS);
  expect(isFull(day)).toBe(true);
  known.admits('a-2', 'ping,target=t0', 2 * day);
  expect(isFull(2 * day)).toBe(true);
  known.admits('a-3', 'ping,target=t0', 4 * day);
  expect(isFull(4 * day)).toBe(false);
});
