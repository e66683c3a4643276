import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timestamp } from './timestamp.ts';

it('is what Date.toISOString writes, in any year of four digits', () => {
  const first = Date.UTC(1000, 0, 1);
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  const property = fc.property(fc.integer({ min: first, max: last }), (unixMs) => {
    expect(timestamp(unixMs)).toBe(new Date(unixMs).toISOString());
  });
  fc.assert(property, { numRuns: 2000 });
});
