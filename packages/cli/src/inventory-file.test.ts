import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInventory } from './inventory-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-inventory-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const county = 'county: { id: q, name: { zh: 县 }, timezone: Asia/Shanghai }\nschools: []\n';

function reading(text: string): () => unknown {
  const file = join(folder, 'county.yaml');
  writeFileSync(file, text);
  return () => readInventory(file);
}

describe('an inventory file', () => {
  it('is read: the example', () => {
    const example = fileURLToPath(new URL('../../model/examples/qilian.yaml', import.meta.url));
    expect(readInventory(example).schools).toHaveLength(13);
  });

  it('is refused with every place where a probe could not work with its address', () => {
    const targets = `targets:
  - { id: a, link: broadband, probe: stamp, address: "stamp.example.cn:862" }
  - { id: b, link: broadband, probe: http, address: www.example.cn }
  - { id: c, link: broadband, probe: tcp, address: www.example.cn }
`;
    expect(reading(county + targets)).toThrow(
      /county\.yaml: targets\[1\]\.address: "www\.example\.cn" is not an http or https URL.*\n.*targets\[2\]\.address/,
    );
  });

  it('is refused with the place of a misspelt key and of what is no YAML', () => {
    expect(reading(`${county}shools: []\n`)).toThrow(/shools/);
    expect(reading(`${county}targets: [`)).toThrow(/county\.yaml: .*line/);
  });

  it('is refused where it is not there', () => {
    expect(() => readInventory(join(folder, 'missing.yaml'))).toThrow('cannot be read');
  });
});
