import { posix } from 'node:path';
import { type Page, withoutFences } from './pages.ts';

export type Site = Readonly<{ pages: readonly Page[]; exists: (path: string) => boolean }>;

/** What is wrong with the links, images and named files of a page: `page: link: why`. */
export function linkProblems(page: Page, { pages, exists }: Site): string[] {
  const prose = withoutFences(page.text);
  const problem = (what: string, why: string): string => `${page.path}: ${what}: ${why}`;
  const links = linksIn(prose.replaceAll(/`[^`\n]*`/g, '')).flatMap((link) => {
    const [target = '', anchor] = link.split('#');
    const path = target === '' ? page.path : posix.join(posix.dirname(page.path), decodeURI(target));
    if (!exists(path)) return [problem(link, 'there is no such file')];
    if (anchor === undefined) return [];
    const there = pages.find((candidate) => candidate.path === path);
    const found = there !== undefined && anchorsOf(there.text).has(decodeURIComponent(anchor));
    return found ? [] : [problem(link, 'there is no such heading')];
  });
  const files = [...prose.matchAll(/`((?:packages|agents|docs|infra|tests)\/[\w./@-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !isMade(path) && !exists(path))
    .map((path) => problem(path, 'there is no such file'));
  return [...links, ...files];
}

/** Relative links and images, in either way to write them. */
function linksIn(prose: string): string[] {
  return [
    ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose.matchAll(/^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/gm),
    ...prose.matchAll(/<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g),
  ]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));
}

/** What a build makes is not in a fresh clone. */
function isMade(path: string): boolean {
  return path.split('/').includes('dist');
}

/** The anchors of a page's headings, as GitHub makes them: the second of two equal ones ends in `-1`. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
