import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { expect, it } from 'vitest';
import { damage } from './meddle.fixture.ts';
import { setAsidesIn } from './set-aside.ts';
import { openSqliteStore } from './sqlite/store.ts';
import { write } from './store-in-test.contract.ts';

const log = createLog('error').child({}, { level: 'silent' });

it('a telemetry store that was damaged while in use is told of until its file is taken away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-aside-'));
  const path = join(folder, 'telemetry.db');
  const nowS = Math.floor(Date.now() / 1000);
  const replaced: string[] = [];
  const store = openSqliteStore(path, { log, nowS: () => nowS, onReplaced: (aside) => replaced.push(aside) });
  const lines = Array.from(
    { length: 2000 },
    (_, at) => `dns,link=lan,target=t${at % 50} ok=true ${nowS - at}`,
  );
  await write(store, ...lines);
  expect(setAsidesIn([folder])).toEqual([]);
  damage(path);
  await expect(write(store, ...lines)).rejects.toThrow();
  await write(store, ...lines);
  await store.close();
  writeFileSync(join(folder, 'telemetry.db.damaged-by-hand'), '');
  const [aside, ...others] = setAsidesIn([folder, folder]);
  expect(others).toEqual([]);
  expect(aside).toMatchObject({
    file: 'telemetry.db',
    name: expect.stringMatching(/^telemetry\.db\.damaged-/),
  });
  expect(Math.abs((aside?.time ?? 0) - nowS)).toBeLessThan(600);
  expect(replaced).toEqual([join(folder, aside?.name ?? '')]);
  rmSync(join(folder, aside?.name ?? ''));
  expect(setAsidesIn([folder])).toEqual([]);
});
