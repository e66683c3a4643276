import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { configurationPage } from './configuration-page.ts';

it('docs/configuration.md is current (npm run generate)', () => {
  expect(
    readFileSync(fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url)), 'utf8'),
  ).toBe(configurationPage());
});
