import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIdle, parseStatus } from './status.ts';

describe('a status of a SAT>IP server', () => {
  it('tells level, lock, quality and what is tuned', () => {
    const text = 'ver=1.0;src=1;tuner=1,150,1,12,11880,h,dvbs2,8psk,on,0.20,28800,34;pids=0,17,256';
    expect(parseStatus(text)).toEqual({
      tuner: 1,
      source: 1,
      locked: true,
      level: 150,
      quality: 12,
      frequencyHz: 11_880_000_000,
      system: 'dvbs2',
      type: '8psk',
      symbolRate: 28_800_000,
      fec: '34',
      told: { ver: '1.0', src: '1', tuner: '1,150,1,12,11880,h,dvbs2,8psk,on,0.20,28800,34' },
    });
  });

  it.each([
    [
      'AVM on cable, quality not told',
      'ver=1.2;src=1;tuner=1,106,1,0,538.00,8,dvbc,256qam,6900,,,,1;pids=0,118',
      { locked: true, level: 106, quality: undefined, system: 'dvbc', frequencyHz: 538_000_000 },
    ],
    [
      'XORO, level not told',
      'ver=1.0;src=1;tuner=2,0,1,15,11538,v,dvbs,qpsk,off,0.35,22000,56;pids=0',
      { tuner: 2, locked: true, level: undefined, quality: 15, fec: '56' },
    ],
    [
      'OctopusNet, neither told',
      'ver=0.9;tuner=1,0,1,0,362.000,6900,dvbc,256qam;pids=0,1,16,17,18',
      { locked: true, level: undefined, quality: undefined, source: undefined },
    ],
    [
      'terrestrial',
      'ver=1.1;src=1;tuner=3,240,1,15,514.00,8,dvbt2,32k,256qam,1128,23,0,,0;pids=0',
      { tuner: 3, locked: true, system: 'dvbt2', frequencyHz: 514_000_000 },
    ],
    [
      'old minisatip, system after roll-off',
      'ver=1.0;src=2;tuner=1,200,1,9,12188,h,qpsk,off,0.35,dvbs,27500,34;pids=0',
      { source: 2, system: 'dvbs', type: 'qpsk', symbolRate: 27_500_000, fec: '34' },
    ],
    ['nothing but four elements', 'tuner=4,32,0,1', { tuner: 4, locked: false, level: 32, quality: 1 }],
    [
      'figures that cannot be',
      'ver=1.0;tuner=1,300,1,99,-1,h,dvbs',
      { level: undefined, quality: undefined, frequencyHz: undefined },
    ],
  ])('is read as servers write it: %s', (_, text, expected) => {
    expect(parseStatus(text)).toMatchObject(expected);
  });

  it('of a tuner that receives nothing is known', () => {
    const idle = parseStatus('ver=1.0;src=1;tuner=1,0,0,0,0,,,,,,,;pids=none');
    expect(idle && isIdle(idle)).toBe(true);
    const lost = parseStatus('ver=1.0;src=1;tuner=1,0,0,0,11880,h,dvbs2,8psk,on,0.20,28800,34;pids=none');
    expect(lost && isIdle(lost)).toBe(false);
  });

  it.each(['', 'tuner', 'tuner=', 'tuner=1,2', 'tuner=one,1,1,1', 'tuner=1,1,2,1', 'ver=1.0;src=1;pids=0'])(
    '"%s" is none',
    (text) => {
      expect(parseStatus(text)).toBeUndefined();
    },
  );

  it('may be anything', () => {
    const element = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('dvbs2', '8psk', '34'));
    fc.assert(
      fc.property(fc.array(element, { maxLength: 20 }), fc.string(), (elements, rest) => {
        const status = parseStatus(`tuner=${elements.join(',')};${rest}`);
        if (status === undefined) return;
        expect(status.level ?? 1).toBeGreaterThan(0);
        expect(status.level ?? 1).toBeLessThanOrEqual(255);
        expect(status.quality ?? 1).toBeLessThanOrEqual(15);
      }),
    );
  });
});
