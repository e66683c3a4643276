import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { definitionOf, measurementNames } from './catalogue.ts';
import { metricsPage } from './metrics-page.ts';

describe('docs/metrics.md', () => {
  it('is what the catalogue says: else run `npm run generate`', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    expect(page).toBe(metricsPage());
  });

  it('tells of every field in both languages', () => {
    const page = metricsPage();
    for (const name of measurementNames)
      for (const [field, { title, description }] of Object.entries(definitionOf(name).fields)) {
        expect(page).toContain(`| \`${field}\` |`);
        for (const text of [title.zh, title.en, description.zh, description.en]) expect(page).toContain(text);
      }
  });
});
