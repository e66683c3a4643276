import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linkProblems } from './links.ts';
import { type Page, pagesOf, root } from './pages.ts';

const pages = pagesOf(root);
const exists = (path: string): boolean => existsSync(join(root, path));

describe('the pages', () => {
  it('are found, in both languages', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'README.md',
        'README.zh-CN.md',
        'docs/probes.md',
        'packages/wire/spec/wire-protocol.md',
      ]),
    );
  });

  it('link only to what is there', () => {
    expect(pages.flatMap((page) => linkProblems(page, { pages, exists }))).toEqual([]);
  });

  it('have pictures that open over a thin link', () => {
    const pictures = globSync('docs/images/*', { cwd: root });
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures)
      expect([picture, statSync(join(root, picture)).size < 200_000]).toEqual([picture, true]);
  });
});

describe('the search for broken links', () => {
  const problemsOf = (text: string): string[] => {
    const page: Page = { path: 'docs/page.md', text };
    const site = {
      pages: [page, { path: 'README.md', text: '# Home\n## Ports & 端口 (UDP)' }],
      exists: isThere,
    };
    return linkProblems(page, site).map((problem) => problem.replace('docs/page.md: ', ''));
  };
  const isThere = (path: string): boolean => ['docs/page.md', 'README.md', 'docs/a.png'].includes(path);

  it.each([
    ['[a](nowhere.md)', 'nowhere.md: there is no such file'],
    ['![a](b.png)', 'b.png: there is no such file'],
    ['[a]: ../nowhere.md', '../nowhere.md: there is no such file'],
    ['<img src="b.png">', 'b.png: there is no such file'],
    ['[a](../README.md#away)', '../README.md#away: there is no such heading'],
    ['# One\n[a](#two)', '#two: there is no such heading'],
    ['see `packages/gone/src/gone.ts`', 'packages/gone/src/gone.ts: there is no such file'],
  ])('finds %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    '[a](../README.md) ![a](a.png "title") [a](https://example.org/x) [a](mailto:a@b)',
    '[a](../README.md#ports--端口-udp)',
    '# One\n[a](#one)',
    '```\n[a](nowhere.md)\n```\n`[a](nowhere.md)`',
    '`agents/classroom/dist/linux/made-by-a-build.cjs`',
  ])('leaves %s alone', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('tells equal headings apart', () => {
    expect([...anchorsOf('# How\n## How\n```\n# no heading\n```\n## `npm` [x](y)')]).toEqual([
      'how',
      'how-1',
      'npm-x',
    ]);
  });
});
