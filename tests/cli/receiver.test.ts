import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSnmpd, type ServedValues, startSnmpd } from '../services/snmpd.ts';
import { dataFolder, tongtang } from '../services/tongtang.ts';

/** A receiver asked by hand, as a technician on site does; the probe itself is tested in packages/probes. */

const first = '1.3.6.1.4.1.10894.1.1.1.2.1';
const locked: ServedValues = {
  [`${first}.1.0`]: ['integer', 2],
  [`${first}.5.0`]: ['integer', 14],
  [`${first}.6.1.0`]: ['integer', 1],
  [`${first}.6.2.0`]: ['integer', 1],
  [`${first}.6.3.0`]: ['string', '-52'],
  [`${first}.6.6.0`]: ['string', '11.3'],
};

let receiver: RunningSnmpd;
const data = dataFolder();
beforeAll(async () => {
  receiver = await startSnmpd('1.3.6.1.4.1.10894', ['rocommunity of-the-roof']);
  receiver.serve(locked);
  mkdirSync(join(data.path, 'receivers'));
  writeFileSync(join(data.path, 'receivers/credentials.yaml'), 'roof: { community: of-the-roof }', {
    mode: 0o600,
  });
});
afterAll(async () => {
  data.remove();
  await receiver.stop();
});

const ask = (query: string, words: readonly string[] = [], environment = {}) =>
  tongtang(
    [
      'agent',
      'probe',
      'snmp',
      '--target',
      `127.0.0.1:${receiver.port}${query}`,
      '--data',
      data.path,
      ...words,
    ],
    environment,
  );

describe('tongtang agent probe snmp', () => {
  it('prints the signal, with credentials from the data folder or a community from the environment', async () => {
    const [named, given] = [
      await ask('?profile=novra-s400&credentials=roof'),
      await ask('?profile=novra-s400', ['--json'], { SNMP_COMMUNITY: 'of-the-roof' }),
    ];
    expect(named.output).toMatch(/Locked +true[\s\S]*C\/N +11\.3 dB\n +Margin +2\.39 dB/);
    expect(named.code).toBe(0);
    expect(JSON.parse(given.stdout)).toMatchObject({
      measurement: 'signal',
      tags: { link: 'satellite' },
      fields: { ok: true, locked: true, margin_db: 2.39 },
    });
    expect(named.output + given.output).not.toContain('of-the-roof');
  });

  it('walks over all that the receiver has, and finds the profile that fits', async () => {
    const walk = await ask('?credentials=roof', ['--walk']);
    expect(walk.code).toBe(0);
    expect(walk.stdout).toContain(`${first}.6.1.0 = INTEGER: 1\n`);
    expect(walk.stdout).toContain(`${first}.6.6.0 = OCTET STRING: 11.3\n`);
    expect(walk.stdout).toMatch(/^1\.3\.6\.1\.2\.1\.1\.1\.0 = OCTET STRING: Linux/);
    expect(walk.output).toContain('The profile novra-s400 fits: ?profile=novra-s400&unit=1 has lock.');
    expect(walk.output).not.toContain('unit=2');
  });

  it('says that no profile fits another model, and what is wrong with a question', async () => {
    receiver.serve({});
    const other = await ask('?credentials=roof', ['--walk']);
    expect(other.output).toContain('No profile fits.');
    const wrong = await ask('?community=of-the-roof&profile=novra-s400');
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('a community is a secret')]);
    const elsewhere = await tongtang(['agent', 'probe', 'tcp', '--target', '127.0.0.1:1', '--walk']);
    expect([elsewhere.code, elsewhere.output]).toEqual([
      1,
      expect.stringContaining('tcp has nothing to walk'),
    ]);
  });
});
