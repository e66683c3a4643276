import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RunningSnmpd, type ServedValues, startSnmpd } from '../../../../tests/services/snmpd.ts';
import { testContext } from '../probe.fixture.ts';
import { ReceiverFiles } from './files.ts';
import { snmpProbe } from './probe.ts';

/** The receiver of these tests is Debian's snmpd, with the objects of a Novra S400. */

const s400 = '1.3.6.1.4.1.10894.1.1.1';
const demodulator = (unit: number, values: Partial<typeof healthy> = {}): ServedValues => {
  const all = { ...healthy, ...values };
  const under = `${s400}.2.${unit}`;
  return {
    [`${under}.1.0`]: ['integer', all.standard],
    [`${under}.2.0`]: ['gauge', 1_212_000_000],
    [`${under}.3.0`]: ['gauge', 28_800_000],
    [`${under}.5.0`]: ['integer', all.modcod],
    [`${under}.6.1.0`]: ['integer', all.signalLock],
    [`${under}.6.2.0`]: ['integer', all.dataLock],
    [`${under}.6.3.0`]: ['string', all.strength],
    [`${under}.6.4.0`]: ['string', all.uncorrected],
    [`${under}.6.5.0`]: ['string', all.ber],
    [`${under}.6.6.0`]: ['string', all.cn],
  };
};
const healthy = {
  standard: 2,
  modcod: 14,
  signalLock: 1,
  dataLock: 1,
  strength: '-52',
  uncorrected: '0',
  ber: '0.0E0',
  cn: '11.3',
};

let receiver: RunningSnmpd;
let folder: string;
beforeAll(async () => {
  receiver = await startSnmpd('1.3.6.1.4.1.10894', [
    'rocommunity public',
    'rocommunity of-the-roof',
    'createUser technician SHA-256 "long enough" AES "long as well"',
    'createUser reader SHA "long enough"',
    'createUser guest',
    'rouser technician authPriv',
    'rouser reader authNoPriv',
    'rouser guest noAuth',
  ]);
  folder = mkdtempSync(join(tmpdir(), 'tongtang-snmp-'));
  mkdirSync(join(folder, 'profiles'));
  const user = (name: string, more: string) => `{ user: ${name}${more} }`;
  const auth = (protocol: string, password: string) =>
    `, auth: { protocol: ${protocol}, password: ${password} }`;
  const priv = ', priv: { protocol: aes, password: long as well }';
  writeFileSync(
    join(folder, 'credentials.yaml'),
    [
      'roof: { community: of-the-roof }',
      'stranger: { community: nobody-knows }',
      `technician: ${user('technician', auth('sha256', 'long enough') + priv)}`,
      `reader: ${user('reader', auth('sha', 'long enough'))}`,
      `guest: ${user('guest', '')}`,
      `mistyped: ${user('technician', auth('sha256', 'long but wrong') + priv)}`,
      `unencrypted: ${user('technician', auth('sha256', 'long enough'))}`,
      `unknown: ${user('nobody', auth('sha256', 'long enough') + priv)}`,
    ].join('\n'),
    { mode: 0o600 },
  );
  return async () => {
    rmSync(folder, { recursive: true });
    await receiver.stop();
  };
});

/** With the first question snmpd starts a program for its objects; beside other tests on two cores that took more than a second. */
const newProbe = (timeoutMs = 10_000) => snmpProbe(new ReceiverFiles(folder), { timeoutMs, tries: 1 });
const ask = (options = '', probe = newProbe()) =>
  probe.run(`127.0.0.1:${receiver.port}?profile=novra-s400${options}`, testContext());

describe('a Novra S400', () => {
  it('tells lock, figures, modulation and margin of each demodulator, and all as it stood there', async () => {
    receiver.serve({ ...demodulator(1), ...demodulator(2, { cn: '9.2', modcod: 13 }) });
    const [one, two] = [await ask(), await ask('&unit=2')];
    expect(one).toEqual({
      ok: true,
      fields: {
        locked: true,
        cn_db: 11.3,
        level_dbm: -52,
        ber_post: 0,
        symbol_rate: 28_800_000,
        frequency_hz: 1_212_000_000,
        modulation: 'DVB-S2 8PSK 3/4',
        margin_db: expect.closeTo(11.3 - 7.91 - 1),
        raw: expect.stringMatching(
          /^SignalLock=1; DataLock=1; CarrierToNoise=11.3 dB; SignalStrength=-52 dBm; BER/,
        ),
      },
    });
    expect(two).toMatchObject({ fields: { cn_db: 9.2, margin_db: expect.closeTo(1.58) } });
  });

  it('is below its range, with lock: no figure is made up, and what it said is kept', async () => {
    receiver.serve(demodulator(1, { strength: '< 70', cn: '< 3' }));
    const result = await ask();
    expect(result).toMatchObject({
      ok: true,
      fields: { locked: true, raw: expect.stringMatching(/CarrierToNoise=< 3 dB; SignalStrength=< 70 dBm/) },
    });
    for (const name of ['cn_db', 'level_dbm', 'margin_db']) expect(result.fields).not.toHaveProperty(name);
  });

  it('is not locked where its figures are empty, even while it still says that it is', async () => {
    receiver.serve(demodulator(1, { strength: '', uncorrected: '', ber: '', cn: '' }));
    const result = await ask();
    expect(result).toMatchObject({ ok: true, fields: { locked: false, symbol_rate: 28_800_000 } });
    expect(result.fields).not.toHaveProperty('ber_post');
  });

  it('is not locked without data, whatever the carrier', async () => {
    receiver.serve(demodulator(1, { dataLock: 0 }));
    expect(await ask()).toMatchObject({ ok: true, fields: { locked: false, cn_db: 11.3 } });
  });

  it('has no margin where it chooses the modulation by itself', async () => {
    receiver.serve(demodulator(1, { standard: 0, modcod: 0 }));
    const result = await ask();
    expect(result).toMatchObject({ ok: true, fields: { locked: true, cn_db: 11.3 } });
    expect(result.fields).not.toHaveProperty('margin_db');
    expect(result.fields).not.toHaveProperty('modulation');
  });

  it('counts uncorrected packets from reading to reading, and anew after it was switched off', async () => {
    const probe = newProbe();
    const seen: unknown[] = [];
    for (const uncorrected of ['370', '370', '375', '2']) {
      receiver.serve(demodulator(1, { uncorrected }));
      seen.push((await ask('', probe)).fields?.uncorrected);
    }
    expect(seen).toEqual([undefined, 0, 5, 2]);
  });
});

describe('what a receiver does not have', () => {
  it('is said by its name where it is the lock: the profile is of another model', async () => {
    receiver.serve({});
    expect(await ask()).toEqual({
      ok: false,
      source: 'target',
      error: 'SignalLock: no such object; does the profile fit?',
    });
  });

  it('is absent where it is a figure, and raw says why', async () => {
    const { [`${s400}.2.1.6.6.0`]: _, ...without } = demodulator(1);
    receiver.serve({ ...without, [`${s400}.2.1.6.3.0`]: ['integer', -52] });
    const result = await ask();
    expect(result).toMatchObject({
      ok: true,
      fields: { locked: true, raw: expect.stringContaining('CarrierToNoise=(no such object)') },
    });
    expect(result.fields?.raw).toContain('SignalStrength=(INTEGER instead of text)');
    expect(result.fields).not.toHaveProperty('level_dbm');
  });

  it.each([
    ['string', '1', 'SignalLock: OCTET STRING instead of integer; does the profile fit?'],
    ['integer', 7, 'SignalLock: the profile does not know "7"'],
  ] as const)('is no lock of the type %s with the value %j', async (type, value, error) => {
    receiver.serve({ ...demodulator(1), [`${s400}.2.1.6.1.0`]: [type, value] });
    expect(await ask()).toEqual({ ok: false, source: 'target', error });
  });

  it('is a unit beyond those of the profile', async () => {
    expect(await ask('&unit=3')).toEqual({
      ok: false,
      source: 'agent',
      error: 'Novra S400 has no unit 3, but 2',
    });
  });
});

describe('credentials', () => {
  it.each(['roof', 'technician', 'reader', 'guest'])('"%s" are taken', async (name) => {
    receiver.serve(demodulator(1));
    expect(await ask(`&credentials=${name}`)).toMatchObject({ ok: true, fields: { locked: true } });
  });

  it.each([
    ['mistyped', 'target', 'refuses the user: Wrong Digest'],
    ['unknown', 'target', 'refuses the user: Unknown User Name'],
    ['unencrypted', 'target', 'refuses: AuthorizationError'],
    ['absent', 'agent', 'credentials.yaml: there are no credentials "absent"'],
  ])('"%s" are not, and the failure says whose it is', async (name, source, error) => {
    expect(await ask(`&credentials=${name}`)).toEqual({ ok: false, source, error });
  });

  it('of another community get no answer', async () => {
    expect(await ask('&credentials=stranger', newProbe(500))).toEqual({
      ok: false,
      source: 'path',
      error: 'no answer: off, another address, or another community',
    });
  });
});
