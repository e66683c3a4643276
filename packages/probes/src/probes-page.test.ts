import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folders, insideSection, probesPage, sections, titlesOf } from './probes-page.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

describe('docs/probes.md', () => {
  it('is current (npm run generate)', () => {
    expect(readFileSync(fileURLToPath(new URL('../../../docs/probes.md', import.meta.url)), 'utf8')).toBe(
      probesPage(),
    );
  });

  it('has every folder with a README', () => {
    const found = globSync('*/README.md', { cwd: here }).map((path) => path.replace(/\/README\.md$/, ''));
    expect(found.sort()).toEqual([...folders].sort());
  });

  it.each(folders)('%s has the same sections as the others', (name) => {
    expect(titlesOf(name).filter((title) => title !== insideSection)).toEqual([name, ...sections]);
  });

  it('leaves out what is for people who change a probe', () => {
    expect(probesPage()).not.toContain(insideSection);
    expect(probesPage()).not.toContain('../');
  });
});
