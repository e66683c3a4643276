import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InventoryDocument } from '@tongtang/model/inventory';
import { readSettings } from '@tongtang/runtime/settings';
import { describe, expect, it } from 'vitest';
import { readInventory } from './inventory-file.ts';
import { Settings } from './settings.ts';

/**
 * One bad file for each rule. Comments at its head are what a person is told: the whole of it, the file's name before
 * each line left out; of a YAML error, which shows the place below, the first line.
 */

const folders = { settings: folder('bad-settings'), inventories: folder('bad-inventories') };

function folder(name: string): string {
  return join(import.meta.dirname, '../testdata', name);
}

function filesIn(path: string): string[] {
  return readdirSync(path);
}

function promised(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('# '))
    .map((line) => line.slice(2));
}

function told(file: string, problems: readonly string[]): string[] {
  return problems.map((problem) => (problem.replace(`${file}: `, '').split('\n')[0] ?? '').trim());
}

describe('a bad settings file', () => {
  it.each(filesIn(folders.settings))('%s is refused in the words at its head', (name) => {
    const file = join(folders.settings, name);
    const read = readSettings(Settings, { flags: {}, environment: {}, file });
    expect(read.ok ? [] : told(file, read.problems)).toEqual(promised(file));
  });

  it('exists for every setting', () => {
    const spoken = filesIn(folders.settings).flatMap((name) => promised(join(folders.settings, name)));
    for (const key of Object.keys(Settings.properties))
      expect(
        spoken.some((line) => line.startsWith(`${key}: `)),
        key,
      ).toBe(true);
  });
});

describe('a bad inventory file', () => {
  it.each(filesIn(folders.inventories))('%s is refused in the words at its head', (name) => {
    const file = join(folders.inventories, name);
    expect(told(file, problemsOf(file))).toEqual(promised(file));
  });

  it('exists for every part of an inventory', () => {
    const spoken = filesIn(folders.inventories).flatMap((name) => promised(join(folders.inventories, name)));
    for (const part of Object.keys(InventoryDocument.properties)) {
      // Clusters and front-end schools are wrong where a school names one that is not there.
      if (part === 'clusters' || part === 'frontEndSchools') continue;
      expect(
        spoken.some((line) => line.startsWith(part)),
        part,
      ).toBe(true);
    }
  });
});

function problemsOf(file: string): string[] {
  try {
    readInventory(file);
    return [];
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split(/^- |\n- /)
      .filter((problem) => problem !== '');
  }
}
