import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

describe('a data folder whose name was mistyped', () => {
  it.each([
    ['agent', 'run'],
    ['agent', 'status'],
  ])('is not made by tongtang %s %s', async (...words) => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    const folder = join(data.path, 'tongtagn');
    const { code, output } = await tongtang(words, { TONGTANG_DATA: folder });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain(folder);
    expect(output).toContain('tongtang agent enroll <hub> <code>');
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a data folder that cannot be written', () => {
  it.each([
    [['hub']],
    [['start']],
    [['agent', 'run']],
    [['agent', 'enroll', 'http://127.0.0.1:1', 'ABCD-EFGH-JK']],
    [['user', 'list']],
    [['inventory', 'export']],
  ])('makes %j say in one line which folder, as whom, and what to do', async (words) => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    let folder = join(data.path, 'in', 'the', 'way');
    // Root may write everywhere but where a file is in the way.
    if (process.getuid?.() === 0) writeFileSync(join(data.path, 'in'), '');
    else {
      folder = data.path;
      chmodSync(folder, 0o500);
      cleanUp.unshift(() => chmodSync(folder, 0o700));
    }
    const { code, output } = await tongtang(words, { TONGTANG_DATA: folder });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain(`The data folder ${folder} cannot be written by `);
    expect(output).toContain('or name another folder with --data or TONGTANG_DATA');
  });
});

describe('a folder with data that were measured', () => {
  it('is not used for a demonstration, and stays as it is', async () => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    writeFileSync(join(data.path, 'something'), 'real');
    const { code, output } = await tongtang(['demo', '--data', data.path]);
    expect(code).toBe(1);
    expect(output).toContain(`${data.path} holds data that are not simulated`);
    expect(readdirSync(data.path)).toEqual(['something']);
  });
});
