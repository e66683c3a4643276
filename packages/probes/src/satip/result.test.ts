import { describe, expect, it } from 'vitest';
import { resultOf } from './result.ts';

const tunerOne = 'ver=1.0;src=1;tuner=1,150,1,12,11880,h,dvbs2,8psk,on,0.20,28800,34;pids=0,17,256';
const tunerTwo = 'ver=1.0;src=2;tuner=2,100,0,2,11538,v,dvbs,,off,0.35,22000,56;pids=0';
const idleTuner = 'ver=1.0;src=1;tuner=3,0,0,0,0,,,,,,,;pids=none';

describe('what a SAT>IP server tells', () => {
  it('becomes level, quality and modulation: level 150 is −40.4 dBm', () => {
    const { ok, fields } = resultOf([tunerOne], '', {});
    expect(ok).toBe(true);
    expect(fields).toMatchObject({
      locked: true,
      quality_ratio: 0.8,
      modulation: 'DVB-S2 8PSK 3/4',
      symbol_rate: 28_800_000,
      frequency_hz: 11_880_000_000,
    });
    expect(fields?.level_dbm).toBeCloseTo(-40.4, 1);
    expect(fields).not.toHaveProperty('cn_db');
    expect(fields).not.toHaveProperty('margin_db');
  });

  it('is a lost lock where the tuner is tuned and has none', () => {
    expect(resultOf([tunerTwo], '', {})).toMatchObject({
      ok: true,
      fields: { locked: false, modulation: 'DVB-S QPSK 5/6' },
    });
  });

  it.each(['minisatip/1.3', 'a=tool:tvheadend'])(
    'is a relative level from %s, which rescales it',
    (maker) => {
      const { fields } = resultOf([tunerOne], maker, {});
      expect(fields?.level_ratio).toBeCloseTo(150 / 255);
      expect(fields).not.toHaveProperty('level_dbm');
    },
  );

  it.each([
    ['minisatip/1.3', '1,255,1,15'],
    ['a=tool:tvheadend', '1,120,1,10'],
  ])('is a lock alone from %s that knows no more', (maker, madeUp) => {
    const { fields } = resultOf([tunerOne.replace('1,150,1,12', madeUp)], maker, {});
    expect(fields).toMatchObject({ locked: true });
    expect(fields).not.toHaveProperty('level_ratio');
    expect(fields).not.toHaveProperty('quality_ratio');
  });

  it('is a relative level from cable and antenna, whose scale nobody laid down', () => {
    const cable = 'ver=1.2;src=1;tuner=1,106,1,0,538.00,8,dvbc,256qam,6900,,,,1;pids=0,118';
    const { fields } = resultOf([cable], '', {});
    expect(fields?.level_ratio).toBeCloseTo(106 / 255);
    expect(fields).not.toHaveProperty('level_dbm');
    expect(fields).not.toHaveProperty('quality_ratio');
  });

  it.each([
    [{ tuner: 1 }, { locked: true }],
    [{ tuner: 2 }, { locked: false }],
    [{ source: 2 }, { locked: false }],
  ])('is of the tuner that is meant: %j', (choice, fields) => {
    expect(resultOf([tunerOne, tunerTwo, idleTuner], '', choice)).toMatchObject({ ok: true, fields });
  });

  it('is of one tuner however many watch it', () => {
    expect(resultOf([tunerOne, tunerOne], '', {})).toMatchObject({ ok: true });
  });

  it.each([
    ['no tuner is in use', [], {}],
    ['no tuner is in use', [idleTuner], {}],
    ['tuner 4: not in use', [tunerOne], { tuner: 4 }],
    ['tuner 1, src 2: not in use', [tunerOne], { tuner: 1, source: 2 }],
    ['tuners 1, 2 are in use: say which (?tuner=)', [tunerOne, tunerTwo], {}],
  ])('is no evidence where %s', (error, statuses, choice) => {
    expect(resultOf(statuses, '', choice)).toMatchObject({ ok: false, source: 'agent', error });
  });

  it('is the server’s fault where it is not understood', () => {
    expect(resultOf(['rubbish'], '', {})).toMatchObject({ ok: false, source: 'target' });
  });
});
