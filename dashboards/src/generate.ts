import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { madeFiles } from './files.ts';

/** Writes the dashboards' JSON and the alert rules: `npm run generate`. */
const root = join(import.meta.dirname, '..', '..');
for (const { path, text } of madeFiles()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
