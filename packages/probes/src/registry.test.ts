import { readFileSync } from 'node:fs';
import { isMeasurement } from '@tongtang/model/catalogue';
import { targetProbes } from '@tongtang/model/inventory';
import { describe, expect, it } from 'vitest';
import { probes } from './registry.ts';

const sections = ['Measures', 'How', 'Address', 'Failure sources', 'Cost', 'Limits'];

describe.each(targetProbes)('the probe %s', (name) => {
  it('has a README with the same sections as the others', () => {
    const text = readFileSync(new URL(`${name}/README.md`, import.meta.url), 'utf8');
    const titles = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([name, ...sections]);
  });

  it('fills a measurement of the catalogue within a budget', () => {
    expect(isMeasurement(probes[name].measurement)).toBe(true);
    expect(probes[name].budgetMs).toBeGreaterThan(0);
  });

  it('says what is wrong with an address', () => {
    expect(probes[name].checkAddress('not an address')).toContain('not an address');
  });
});
