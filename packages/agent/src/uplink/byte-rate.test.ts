import { describe, expect, it } from 'vitest';
import { ByteRate } from './byte-rate.ts';

describe('byte rate', () => {
  it('waits for as long as what went takes at the rate, what went before included', () => {
    const rate = new ByteRate(1000);
    rate.spend(2000, 10_000);
    expect(rate.freeMs).toBe(12_000);
    rate.spend(500, 11_000);
    expect(rate.freeMs).toBe(12_500);
    rate.spend(1000, 20_000);
    expect(rate.freeMs).toBe(21_000);
  });

  it('goes on at another part of it at once', () => {
    const rate = new ByteRate(1000);
    rate.part = 0.001;
    rate.spend(1000, 0);
    expect(rate.freeMs).toBe(1_000_000);
    rate.part = 1;
    expect(rate.freeMs).toBe(1000);
  });
});
