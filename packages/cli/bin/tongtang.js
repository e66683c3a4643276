#!/usr/bin/env node
// Plain JavaScript, because the Node that is first on a machine's path may be too old to run TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
  // What was parsed once, types stripped, is kept: it takes a quarter off the start. Beside the code and not in /tmp,
  // where others could put theirs; NODE_COMPILE_CACHE names another folder, and one that cannot be written is no harm.
  // By that name threads find it too: else each brings a TypeScript parser of its own, some 25 MB that stay.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
    new URL('../../../node_modules/.cache/tongtang', import.meta.url),
  );
  module.enableCompileCache();
  useJoinedTypebox();
  // A daemon may end by kill -9.
  setTimeout(() => module.flushCompileCache(), 15_000).unref();
  await import('../src/main.ts');
} else {
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  if (!existsSync(node)) {
    process.stderr.write(
      `Tongtang needs Node 24; this is ${process.version}. Run "npm install" in the checkout: it brings one.\n`,
    );
    process.exit(1);
  }
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 1);
}

/** To find its 340 files takes a quarter of a second: an installation joins them (infra/setup/join-typebox.mjs). */
function useJoinedTypebox() {
  const joined = new URL('../../../node_modules/.cache/typebox/', import.meta.url);
  if (!existsSync(joined)) return;
  module.registerHooks({
    resolve(specifier, context, next) {
      const [, part] = /^typebox(?:\/(.+))?$/.exec(specifier) ?? [];
      if (part === undefined && specifier !== 'typebox') return next(specifier, context);
      return { url: new URL(`${part ?? 'index'}.mjs`, joined).href, format: 'module', shortCircuit: true };
    },
  });
}
