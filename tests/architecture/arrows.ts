import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The rooms of the house in tiers: a package may import those of lower tiers, never one of its own tier or above.
 * The same order is drawn in docs/architecture.md.
 */
export const tiers: readonly (readonly string[])[] = [
  ['model'],
  ['wire', 'satellite', 'lessons'],
  ['runtime', 'incidents'],
  ['outbox', 'probes', 'store', 'broker', 'notify', 'simulator', 'dashboards', 'reports'],
  ['agent', 'hub'],
  ['agent-classroom', 'agent-receiver'],
  ['cli'],
  ['tests'],
];

/** Where packages lie. */
export const homes: readonly string[] = ['packages/*', 'agents/*', 'dashboards'];

/** Knows only the HTTP API of the hub. */
export const apart: readonly string[] = ['console'];

export type Import = Readonly<{ from: string; file: string; to: string }>;

/** Every import of one of our packages by another, tests beside the code left out: they may look further. */
export function importsOf(root: string): Import[] {
  const imports: Import[] = [];
  for (const folder of homes)
    for (const manifest of globSync(join(root, folder, 'package.json'))) {
      const home = manifest.slice(0, -'/package.json'.length);
      const from = nameIn(manifest);
      for (const file of globSync(`${home}/**/*.{ts,tsx}`, {
        exclude: ['**/node_modules/**', '**/dist/**'],
      })) {
        if (/\.(test|contract)\.ts$/.test(file)) continue;
        for (const [, to] of readFileSync(file, 'utf8').matchAll(/from '@tongtang\/([a-z-]+)\//g))
          if (to !== undefined && to !== from) imports.push({ from, file: file.slice(root.length + 1), to });
      }
    }
  return imports;
}

/** The names of our packages, as the folders have them. */
export function packagesOf(root: string): string[] {
  return homes.flatMap((folder) => globSync(join(root, folder, 'package.json')).map(nameIn));
}

/** What is wrong with an import, or undefined. */
export function objection({ from, file, to }: Import): string | undefined {
  const [own, other] = [tierOf(from), tierOf(to)];
  if (apart.includes(from)) return `${file}: ${from} knows only the HTTP API, it must not import ${to}`;
  if (other === -1) return `${file}: ${to} may not be imported`;
  return other < own ? undefined : `${file}: ${from} (tier ${own}) must not import ${to} (tier ${other})`;
}

function tierOf(name: string): number {
  return tiers.findIndex((tier) => tier.includes(name));
}

function nameIn(manifest: string): string {
  const { name }: { name?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
  return String(name).replace('@tongtang/', '');
}
