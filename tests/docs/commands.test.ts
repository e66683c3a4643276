import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLinesIn, objectionTo } from './commands.ts';
import { pagesOf, root } from './pages.ts';

const pages = pagesOf(root);

describe('the pages name commands', () => {
  it('of tongtang that exist, with flags that exist', async () => {
    const refused: string[] = [];
    for (const page of pages)
      for (const line of commandLinesIn(page)) {
        const objection = await objectionTo(line);
        if (objection !== undefined) refused.push(`${page.path}: ${line}: ${objection}`);
      }
    expect(refused).toEqual([]);
    expect(pages.flatMap(commandLinesIn).length).toBeGreaterThan(30);
  });

  it('of npm that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const named = pages.flatMap(({ path, text }) =>
      path.startsWith('packages/')
        ? []
        : [...text.matchAll(/npm run (?!dev\b)([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });
});

describe('a command line on a page', () => {
  it.each([
    ['tongtang nothing', 'nothing'],
    ['tongtang agent probe ping', '--target'],
    ['tongtang agent probe pong --target 127.0.0.1', 'pong'],
    ['tongtang user add li --admin', '--admin'],
    ['tongtang user add', 'name'],
    ['tongtang backup here there', 'too many'],
  ])('is refused: %s', async (line, because) => {
    expect(await objectionTo(line)).toContain(because);
  });

  it.each([
    'tongtang --help',
    'tongtang user add li --role technician',
    'tongtang agent enroll <hub> <code>',
    'tongtang incident note <id> "on the way"',
  ])('passes: %s', async (line) => {
    expect(await objectionTo(line)).toBeUndefined();
  });

  it('is found in running text, in a listing and behind others, without its comment', () => {
    const text =
      'see `npx tongtang agent status`.\n```\ncd x && A=b npx tongtang user link   # once\nnpx tongtang tail | head\nnpx tongtang inventory export > f.yaml\n```\n';
    expect(commandLinesIn({ path: 'a.md', text })).toEqual([
      'tongtang agent status',
      'tongtang user link',
      'tongtang tail',
      'tongtang inventory export',
    ]);
  });
});
