import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalFields } from './receiver-signal.ts';

const told = { lock: '1' };

describe('what a receiver told, as fields', () => {
  it('has a margin where modulation and C/N are known: 9.2 dB are 1.58 dB above 8PSK 2/3 with its loss of 1 dB', () => {
    const fields = signalFields({
      locked: true,
      figures: { cn_db: 9.2 },
      modulation: 'DVB-S2 8PSK 2/3',
      told,
    });
    expect(fields).toMatchObject({ locked: true, cn_db: 9.2, modulation: 'DVB-S2 8PSK 2/3', raw: 'lock=1' });
    expect(fields.margin_db).toBeCloseTo(1.58);
  });

  it('has the same margin from Eb/N0, which is told per bit', () => {
    const { margin_db: margin } = signalFields({
      locked: true,
      figures: { ebn0_db: 3.65 + 2 },
      modulation: 'DVB-S2 8PSK 2/3',
      told,
    });
    expect(margin).toBeCloseTo(1, 1);
  });

  it.each([
    ['no lock', { locked: false, figures: { cn_db: 9 }, modulation: 'DVB-S2 8PSK 2/3' }],
    [
      'a modulation without a threshold',
      { locked: true, figures: { cn_db: 9 }, modulation: 'DVB-S2X 8APSK 5/9' },
    ],
    ['no modulation', { locked: true, figures: { cn_db: 9 } }],
    [
      'a relative quality alone',
      { locked: true, figures: { quality_ratio: 1 }, modulation: 'DVB-S2 8PSK 2/3' },
    ],
  ])('has no margin with %s', (_, signal) => {
    expect(signalFields({ ...signal, told })).not.toHaveProperty('margin_db');
  });

  it('has no C/N, no level and no margin where a device writes nought, with lock or without', () => {
    for (const locked of [true, false]) {
      const figures = { cn_db: 0, ebn0_db: 0, level_dbm: 0, uncorrected: 0 };
      const fields = signalFields({ locked, figures, modulation: 'DVB-S2 8PSK 3/4', told: { EsNo: '0 dB' } });
      expect(fields).toEqual({ locked, uncorrected: 0, modulation: 'DVB-S2 8PSK 3/4', raw: 'EsNo=0 dB' });
    }
  });

  it('leaves out what cannot be, and keeps it as it was told', () => {
    const figures = {
      ber_post: 7,
      per: Number.NaN,
      level_ratio: -0.1,
      uncorrected: -1,
      symbol_rate: 0.5,
      cn_db: 12,
    };
    expect(signalFields({ locked: true, figures, told: { BER: '7.0E0' } })).toEqual({
      locked: true,
      cn_db: 12,
      raw: 'BER=7.0E0',
    });
  });

  it('is one line of bounded length whatever a device sends', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 3000 }), { maxLength: 12 }), (values) => {
        const told = Object.fromEntries(values.map((value, index) => [`value ${index}`, value]));
        const { raw } = signalFields({ locked: true, figures: {}, told });
        expect(String(raw).length).toBeLessThanOrEqual(500);
        expect(raw).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
