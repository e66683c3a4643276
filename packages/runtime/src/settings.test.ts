import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { environmentName, flagName, readSettings } from './settings.ts';

const schema = Type.Object(
  {
    data: Type.String({ default: 'data' }),
    bytesPerDay: Type.Integer({ default: 1_200_000, minimum: 100_000 }),
    adminToken: Type.Optional(Type.String({ minLength: 16 })),
  },
  { additionalProperties: false },
);

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tongtang-settings-')), 'tongtang.yaml');
  writeFileSync(path, text);
  return path;
}

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings(schema, { flags: {}, environment: {} })).toEqual({
      ok: true,
      value: { data: 'data', bytesPerDay: 1_200_000 },
    });
  });

  it('take the flag before the environment before the file', () => {
    const sources = {
      flags: { data: 'from-flag' },
      environment: { TONGTANG_DATA: 'from-environment', TONGTANG_BYTES_PER_DAY: '200000' },
      file: file('data: from-file\nbytesPerDay: 300000\nadminToken: sixteen-characters\n'),
    };
    expect(readSettings(schema, sources)).toEqual({
      ok: true,
      value: { data: 'from-flag', bytesPerDay: 200_000, adminToken: 'sixteen-characters' },
    });
  });

  it('take an empty variable for none', () => {
    expect(readSettings(schema, { flags: {}, environment: { TONGTANG_DATA: '' } })).toMatchObject({
      value: { data: 'data' },
    });
  });

  it.each([
    [
      'a value that does not fit, by the place it came from',
      { TONGTANG_BYTES_PER_DAY: '12' },
      '',
      ['TONGTANG_BYTES_PER_DAY: must be >= 100000'],
    ],
    ['a variable that is no setting', { TONGTANG_DATUM: 'x' }, '', ['TONGTANG_DATUM is not a setting']],
  ])('refuse %s', (_, environment, text, problems) => {
    expect(readSettings(schema, { flags: {}, environment, file: file(text) })).toEqual({
      ok: false,
      problems,
    });
  });

  it('refuse a key of the file that is no setting, and every other problem with it', () => {
    const path = file('dota: x\nbytesPerDay: many\n');
    expect(readSettings(schema, { flags: {}, environment: {}, file: path })).toEqual({
      ok: false,
      problems: [`${path}: "dota" is not a setting`, `${path}: bytesPerDay: must be integer`],
    });
  });

  it('say that an asked file is not there', () => {
    const answer = readSettings(schema, { flags: {}, environment: {}, file: '/nowhere/tongtang.yaml' });
    expect(answer).toEqual({
      ok: false,
      problems: [expect.stringContaining('/nowhere/tongtang.yaml: ENOENT')],
    });
  });

  it('have one name in three spellings', () => {
    expect([environmentName('agentBroker'), flagName('agentBroker')]).toEqual([
      'TONGTANG_AGENT_BROKER',
      '--agent-broker',
    ]);
  });
});
