import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInventory } from '@tongtang/cli/inventory-file';
import { Settings } from '@tongtang/cli/settings';
import { readSettings } from '@tongtang/runtime/settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagesOf, root } from './pages.ts';

/** YAML on the pages, as a reader would copy it. */
const examples = pagesOf(root).flatMap(({ path, text }) =>
  [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => ({ path, yaml })),
);
const isInventory = (yaml: string): boolean => /^(targets|platforms):/m.test(yaml);

let file: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-examples-'));
  file = join(folder, 'example.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an example on a page', () => {
  it.each(examples.filter(({ yaml }) => isInventory(yaml)))(
    'fits into an inventory: $path $yaml',
    ({ yaml }) => {
      const county = `county: { id: q, name: { zh: 县 }, timezone: Asia/Shanghai }
schools: [{ id: hb3z, name: { zh: 海北三中 } }, { id: mzzx, name: { zh: 民族中学 } }]
`;
      writeFileSync(file, county + yaml);
      expect(readInventory(file).county.id).toBe('q');
    },
  );

  it.each(examples.filter(({ yaml }) => !isInventory(yaml)))(
    'is a file of settings: $path $yaml',
    ({ yaml }) => {
      writeFileSync(file, yaml);
      expect(readSettings(Settings, { flags: {}, environment: {}, file })).toMatchObject({ ok: true });
    },
  );

  it('of each kind is there', () => {
    expect(examples.filter(({ yaml }) => isInventory(yaml)).length).toBeGreaterThan(5);
    expect(examples.filter(({ yaml }) => !isInventory(yaml)).length).toBeGreaterThan(3);
  });
});
