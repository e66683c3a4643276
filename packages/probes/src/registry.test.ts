import { isMeasurement } from '@tongtang/model/catalogue';
import { targetProbes } from '@tongtang/model/inventory';
import { describe, expect, it } from 'vitest';
import { probes } from './registry.ts';

describe.each(targetProbes)('the probe %s', (name) => {
  it('fills a measurement of the catalogue within a budget', () => {
    expect(isMeasurement(probes[name].measurement)).toBe(true);
    expect(probes[name].budgetMs).toBeGreaterThan(0);
  });

  it('says what is wrong with an address', () => {
    expect(probes[name].checkAddress('not an address')).toContain('not an address');
  });
});
