import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apart, homes, importsOf, objection, packagesOf, tiers } from './arrows.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the arrows between packages', () => {
  it('gives every package a place', () => {
    expect(packagesOf(root).sort()).toEqual(
      [...tiers.flat(), ...apart].filter((name) => name !== 'tests').sort(),
    );
  });

  it('point one way', () => {
    expect(importsOf(root).map(objection).filter(Boolean)).toEqual([]);
  });

  it('refuse a circle and a shortcut', () => {
    expect(objection({ from: 'model', file: 'm.ts', to: 'wire' })).toBe(
      'm.ts: model (tier 0) must not import wire (tier 1)',
    );
    expect(objection({ from: 'hub', file: 'h.ts', to: 'agent' })).toContain('must not import');
    expect(objection({ from: 'console', file: 'c.ts', to: 'model' })).toContain('HTTP API');
  });

  it('are declared in package.json, all of them and no more', () => {
    const used = new Map(packagesOf(root).map((name) => [name, new Set<string>()]));
    for (const { from, to } of importsOf(root)) used.get(from)?.add(to);
    for (const manifest of homes.flatMap((folder) => globSync(join(root, folder, 'package.json')))) {
      const { name, dependencies = {} }: { name: string; dependencies?: Record<string, string> } = JSON.parse(
        readFileSync(manifest, 'utf8'),
      );
      const declared = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@tongtang/'));
      const needed = [...(used.get(name.replace('@tongtang/', '')) ?? [])].map(
        (other) => `@tongtang/${other}`,
      );
      expect([name, declared.sort()]).toEqual([name, needed.sort()]);
    }
  });
});

describe('inside a package', () => {
  it('no file imports itself through others', () => {
    expect(circles()).toEqual([]);
  });
});

/** Circles among the files of the project, by depth-first search over relative and package imports. */
function circles(): string[][] {
  const files = homes.flatMap((folder) => globSync(join(root, folder, 'src/**/*.{ts,tsx}')));
  const graph = new Map(files.map((file) => [file, targetsOf(file)]));
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].map((step) => step.slice(root.length + 1)));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

/** Types are erased before a circle could hurt, so imports of types do not count. */
function targetsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^import (?!type )[^;]*?from '(\.[^']+)'/gms)].map(([, target]) =>
    resolve(dirname(file), target ?? ''),
  );
}
