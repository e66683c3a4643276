#!/usr/bin/env node
// Plain JavaScript, because the Node that is first on a machine's path may be too old to run TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
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
