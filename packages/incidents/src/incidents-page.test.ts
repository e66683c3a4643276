import { readFileSync } from 'node:fs';
import { thresholds } from '@tongtang/model/condition-thresholds';
import { describe, expect, it } from 'vitest';
import { decisionTable } from './decision-table.ts';
import { incidentsPage } from './incidents-page.ts';

describe('docs/incidents.md', () => {
  it('is what the table and the thresholds say: else run `npm run generate`', () => {
    const page = readFileSync(new URL('../../../docs/incidents.md', import.meta.url), 'utf8');
    expect(page).toBe(incidentsPage());
  });

  it('has each condition and each row', () => {
    const page = incidentsPage();
    for (const name of [...Object.keys(thresholds), ...decisionTable.map(({ id }) => id)])
      expect(page).toContain(`| \`${name}\` |`);
  });
});
