import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { base, ping, samplesOf } from '../plain-answers.contract.ts';
import { place } from '../store-in-test.contract.ts';
import { migrations } from './schema.ts';
import { SeriesIds } from './series-ids.ts';

let database: DatabaseSync;
let nowMs = 0;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  for (const step of migrations) database.exec(step);
  nowMs = 0;
});

const most = 4;
const idsOf = () => new SeriesIds(database, most, () => nowMs);
const samples = samplesOf(ping(base, 'sent=1i', 'a'), ping(base, 'sent=1i', 'b'));
/** Takes a batch of two series. */
const take = (ids: SeriesIds, agent: string, more: object = {}) =>
  samples.map(ids.at({ ...place, agent, ...more }));
/** Whether what an agent has is remembered: what is another in the table is known all the same. */
function isRemembered(ids: SeriesIds, agent: string): boolean {
  const before = take(ids, agent);
  database.exec('SAVEPOINT look; UPDATE series SET tags = tags || 1');
  const after = take(ids, agent);
  database.exec('ROLLBACK TO look; RELEASE look');
  return after.every((id, index) => id === before[index]);
}

describe('series that were looked up', () => {
  it('have the same number again, remembered or not', () => {
    const ids = idsOf();
    const first = ['a-1', 'a-2', 'a-3'].map((agent) => take(ids, agent));
    expect(new Set(first.flat()).size).toBe(6);
    expect(['a-1', 'a-2', 'a-3'].map((agent) => take(ids, agent))).toEqual(first);
  });

  it('of agents that go on writing stay remembered, however many others there are', () => {
    const ids = idsOf();
    for (let round = 0; round < 3; round += 1)
      for (const agent of ['a-1', 'a-2', 'a-3', 'a-4']) take(ids, agent);
    expect(['a-1', 'a-2'].map((agent) => isRemembered(ids, agent))).toEqual([true, true]);
  });

  it('make room when their agent is silent', () => {
    const ids = idsOf();
    take(ids, 'a-1');
    take(ids, 'a-2');
    nowMs += 3_500_000;
    take(ids, 'a-2');
    nowMs += 200_000;
    take(ids, 'a-3');
    expect(['a-2', 'a-3'].map((agent) => isRemembered(ids, agent))).toEqual([true, true]);
  });

  it('make room when their agent is moved', () => {
    const ids = idsOf();
    for (const classroom of ['c1', 'c2', 'c3', 'c4']) take(ids, 'a-1', { classroom });
    take(ids, 'a-1');
    take(ids, 'a-2');
    expect(isRemembered(ids, 'a-2')).toBe(true);
  });

  it('of one agent are forgotten where some of them are removed, and those of others are not', () => {
    const ids = idsOf();
    take(ids, 'a-1');
    take(ids, 'a-2');
    database.exec("DELETE FROM series WHERE agent = 'a-1'");
    ids.forgetAgent('a-1');
    const made = take(ids, 'a-1');
    expect(database.prepare("SELECT id FROM series WHERE agent = 'a-1'").all()).toEqual(
      made.map((id) => ({ id })),
    );
    expect(isRemembered(ids, 'a-2')).toBe(true);
  });
});
