import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

describe('the fingerprint of a document', () => {
  it('is that of its JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        const whole = createHash('sha256').update(JSON.stringify(document)).digest('hex');
        expect(fingerprintOf(document)).toBe(whole.slice(0, 16));
      }),
    );
    expect(fingerprintOf({ a: 1, b: undefined })).toBe(fingerprintOf({ a: 1 }));
  });
});
