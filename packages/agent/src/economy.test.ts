import { catalogue, measurementNames } from '@tongtang/model/catalogue';
import type { FieldValue } from '@tongtang/model/sample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { economical } from './economy.ts';

const fieldsAfter = (
  fields: Readonly<Record<string, FieldValue>>,
  measurement: 'stamp' | 'host' | 'interface' | 'signal',
) => economical({ measurement, tags: {}, fields }).fields;

describe('what a reading loses before it is kept', () => {
  it('is digits below a hundredth of a millisecond inside a building, below a tenth beyond', () => {
    expect(fieldsAfter({ rtt_ms: 0.4376, jitter_ms: 38.2376 }, 'stamp')).toEqual({
      rtt_ms: 0.44,
      jitter_ms: 38.2,
    });
  });

  it('is how long a run took that brought round-trip times, but not that of a failure', () => {
    expect(fieldsAfter({ ok: true, duration_ms: 1234.5, rtt_ms: 1 }, 'stamp')).toEqual({
      ok: true,
      rtt_ms: 1,
    });
    expect(fieldsAfter({ ok: false, duration_ms: 1234.5 }, 'stamp')).toEqual({
      ok: false,
      duration_ms: 1235,
    });
  });

  it('is the chatter of an idle network and seconds of uptime', () => {
    expect(fieldsAfter({ rx_bit_s: 412, tx_bit_s: 5_237_412 }, 'interface')).toEqual({
      rx_bit_s: 0,
      tx_bit_s: 5_240_000,
    });
    expect(fieldsAfter({ uptime_s: 119 }, 'host')).toEqual({ uptime_s: 60 });
  });

  it('is nothing that tells bit errors of a millionth from none', () => {
    expect(fieldsAfter({ ber_post: 2.8e-7, per: 0 }, 'signal')).toEqual({ ber_post: 2.8e-7, per: 0 });
  });

  it('is never more than a hundredth of a figure that matters', () => {
    const float = fc.double({ min: 1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...measurementNames), float, (measurement, value) => {
        for (const [name, { type, unit }] of Object.entries(catalogue[measurement].fields)) {
          if (type !== 'float' || name === 'duration_ms') continue;
          const kept = economical({ measurement, tags: {}, fields: { [name]: value } }).fields[name];
          const slack = unit === 'bit/s' ? 500 : 0.06;
          expect(Math.abs(Number(kept) - value), `${measurement}.${name}`).toBeLessThan(value / 100 + slack);
        }
      }),
    );
  });

  it('is never a count, a truth or a text', () => {
    const fields = { ok: false, sent: 10, received: 9, failure: 'path', error: 'no reply' };
    expect(fieldsAfter(fields, 'stamp')).toEqual(fields);
  });
});
