/**
 * Joins the 340 files of typebox into a few, beside the installed ones: to find and open them one by one takes a quarter of a second of
 * each start of a command, of 0.6 to 1 in all, and some 12 MB. Runs after each installation; without it everything works, and starts slower.
 *
 * Usage: node infra/setup/join-typebox.mjs
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const esbuild = await import('esbuild').catch(() => {
  process.stdout.write('Without esbuild typebox stays in its many files: commands start slower.\n');
  process.exit(0);
});
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(modules, 'typebox/package.json'), 'utf8'));

/** `typebox/value` → `value`, `typebox` → `index`; bin/tongtang.js and vitest.config.ts find them by these names. */
const entryPoints = Object.fromEntries(
  Object.entries(exports).map(([subpath, { import: file }]) => [
    subpath === '.' ? 'index' : subpath.slice('./'.length),
    join(modules, 'typebox', file),
  ]),
);
const outdir = join(modules, '.cache/typebox');
rmSync(outdir, { recursive: true, force: true });
await esbuild.build({
  entryPoints,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
});
