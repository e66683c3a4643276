import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A page of the documentation: its path from the root of the repository, with forward slashes, and its text. */
export type Page = Readonly<{ path: string; text: string }>;

export const root = resolve(import.meta.dirname, '../..');

/** Every Markdown page of the repository that people wrote or `npm run generate` made. */
export function pagesOf(folder: string): Page[] {
  return globSync('**/*.md', { cwd: folder, exclude: ['**/node_modules', '**/dist', '**/testdata'] })
    .sort()
    .map((path) => ({
      path: path.replaceAll('\\', '/'),
      text: readFileSync(join(folder, path), 'utf8'),
    }));
}

/** The text without fenced code, line by line, so that places stay what they are. */
export function withoutFences(text: string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
      if (fence === undefined && mark === undefined) return line;
      if (fence === undefined) fence = mark;
      else if (mark?.startsWith(fence)) fence = undefined;
      return '';
    })
    .join('\n');
}
