import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOrbitalPosition, parseOrbitalPosition } from './orbital-position.ts';

describe('an orbital position', () => {
  it.each([
    ['92.2E', 92.2],
    ['92.2e', 92.2],
    ['110.5°E', 110.5],
    [' 110.5 ° E ', 110.5],
    ['1W', -1],
    ['1.0w', -1],
    ['180W', -180],
    ['0W', 0],
    ['92.2', 92.2],
    ['-1', -1],
    ['+76.5', 76.5],
  ])('%j is %d degrees east', (text, degrees) => {
    expect(parseOrbitalPosition(text)).toBe(degrees);
  });

  it.each(['', 'E', '92,2E', '-1W', '+1E', '181E', '359', '92.2N', '92.2EE', '1e2', 'NaN', '9 2E', '.5E'])(
    '%j is none',
    (text) => {
      expect(parseOrbitalPosition(text)).toBeUndefined();
    },
  );

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -18_000, max: 18_000 }), (hundredths) => {
        expect(parseOrbitalPosition(formatOrbitalPosition(hundredths / 100))).toBe(hundredths / 100);
      }),
    );
  });
});
