import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msFromPtp, ntpFromUnixMs, unixMsFromNtp, usesPtp } from './timestamp.ts';

// Section 10 of the reference: T1 is 2026-09-01T02:00:00.250Z.
const t1 = 1_788_228_000_250;

describe('NTP timestamps', () => {
  it.each([
    ['T1', t1, 0xee40b020_40000000n],
    ['T2', t1 + 271.125, 0xee40b020_856872b0n],
    ['T3', t1 + 271.165, 0xee40b020_856b11c6n],
    ['T4', t1 + 541.265, 0xee40b020_ca9057d1n],
  ])('hold %s to a microsecond', (_, unixMs, timestamp) => {
    expect(Math.abs(Number(ntpFromUnixMs(unixMs) - timestamp))).toBeLessThan(4295);
    expect(unixMsFromNtp(timestamp, t1)).toBeCloseTo(unixMs, 3);
  });

  it('wrap into the era of 2036', () => {
    const last = Date.parse('2036-02-07T06:28:15.500Z');
    expect(ntpFromUnixMs(last)).toBe(0xffffffff_80000000n);
    expect(ntpFromUnixMs(last + 500)).toBe(0n);
    expect(unixMsFromNtp(0n, last)).toBe(last + 500);
    expect(unixMsFromNtp(0xffffffff_80000000n, last + 500)).toBe(last);
  });

  it('come back within a microsecond, whatever the time and the error of the local clock', () => {
    const year = 365 * 86_400_000;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 150 * year, noNaN: true }),
        fc.double({ min: -60 * year, max: 60 * year, noNaN: true }),
        (unixMs, error) => {
          expect(Math.abs(unixMsFromNtp(ntpFromUnixMs(unixMs), unixMs + error) - unixMs)).toBeLessThan(0.002);
        },
      ),
    );
  });
});

describe('PTP timestamps', () => {
  it('are seconds and nanoseconds', () => {
    expect(msFromPtp(0x6a9631a0_0ee6b280n)).toBe(t1);
  });

  it('are told by the Z flag', () => {
    expect(usesPtp(0x8f84)).toBe(false);
    expect(usesPtp(0xcf84)).toBe(true);
  });
});
