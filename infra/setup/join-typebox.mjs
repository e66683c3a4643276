/**
 * Joins the 340 files of typebox into a few, beside the installed ones: to find and open them one by one takes a quarter of a second of
 * each start of a command, of 0.6 to 1 in all, and some 12 MB. Runs after each installation; without it everything works, and starts slower.
 *
 * Usage: node infra/setup/join-typebox.mjs
 */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const joined = join(modules, '.cache/typebox');
const making = `${joined}.new`;

try {
  await joinInto(making);
  rmSync(joined, { recursive: true, force: true });
  // At once: a command finds all of the files or none.
  renameSync(making, joined);
} catch (error) {
  // As after an installation for production, which has no esbuild. What may be there is of another version.
  for (const folder of [making, joined]) rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`Typebox stays in its many files, so commands start slower: ${error.message}\n`);
}

async function joinInto(outdir) {
  const { build } = await import('esbuild');
  const { exports } = JSON.parse(readFileSync(join(modules, 'typebox/package.json'), 'utf8'));
  /** `typebox/value` → `value`, `typebox` → `index`; bin/tongtang.js and vitest.config.ts find them by these names. */
  const entryPoints = Object.fromEntries(
    Object.entries(exports).map(([subpath, { import: file }]) => [
      subpath === '.' ? 'index' : subpath.slice('./'.length),
      join(modules, 'typebox', file),
    ]),
  );
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
  });
}
