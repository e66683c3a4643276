import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInventory } from '@tongtang/cli/inventory-file';
import { Settings } from '@tongtang/cli/settings';
import { notifySettings } from '@tongtang/notify/notify-file';
import { readCredentials } from '@tongtang/probes/snmp/credentials';
import { readProfile } from '@tongtang/probes/snmp/profile';
import { readSettings } from '@tongtang/runtime/settings';
import { qilian } from '@tongtang/simulator/county/qilian';
import { readScript } from '@tongtang/simulator/faults/script';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagesOf, root } from './pages.ts';

/** YAML on the pages, as a reader would copy it. */
const examples = pagesOf(root).flatMap(({ path, text }) =>
  [...text.matchAll(/^( *)```yaml\n(.*?)^ *```/gms)].map(([, indent = '', yaml = '']) => ({
    path,
    yaml: yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  })),
);
type Kind = 'inventory' | 'notify' | 'profile' | 'credentials' | 'script' | 'settings';
function kindOf(yaml: string): Kind {
  if (/^(channels|routes|rosters):/m.test(yaml)) return 'notify';
  if (/^(targets|platforms|schools|visitTargets):/m.test(yaml)) return 'inventory';
  if (/^lock:/m.test(yaml)) return 'profile';
  if (/^faults:/m.test(yaml)) return 'script';
  return /\b(community|user):/.test(yaml) ? 'credentials' : 'settings';
}
const ofKind = (kind: Kind) => examples.filter(({ yaml }) => kindOf(yaml) === kind);

let file: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-examples-'));
  file = join(folder, 'example.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an example on a page', () => {
  it.each(ofKind('inventory'))('fits into an inventory: $path $yaml', ({ yaml }) => {
    const county = 'county: { id: q, name: { zh: 县 }, timezone: Asia/Shanghai }\n';
    const schools = 'schools: [{ id: hb3z, name: { zh: 海北三中 } }, { id: mzzx, name: { zh: 民族中学 } }]\n';
    writeFileSync(file, county + (/^schools:/m.test(yaml) ? '' : schools) + yaml);
    expect(readInventory(file).county.id).toBe('q');
  });

  it.each(ofKind('profile'))('is the profile of a receiver: $path', ({ yaml }) => {
    expect(readProfile(yaml, 'example.yaml')).toMatchObject({ ok: true });
  });

  it.each(ofKind('credentials'))('is a file of credentials: $path', ({ yaml }) => {
    const names = [...yaml.matchAll(/^([a-z]+):/gm)].map(([, name = '']) => name);
    for (const name of names) expect(readCredentials(yaml, name, 'example.yaml')).toMatchObject({ ok: true });
  });

  it.each(ofKind('notify'))('is a notify file, or a part of one: $path $yaml', ({ yaml }) => {
    const hook = 'kind: webhook, url: "https://example.cn/", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';
    const rest = {
      console: 'console: https://tongtang.example.cn',
      people: 'people: { zhang: { name: 张师傅 } }',
      rosters: 'rosters: { technicians: { turns: { from: 2026-09-07, days: 7, who: [zhang] } } }',
      channels: `channels: { county: { ${hook} }, town: { ${hook} }, bureau: { ${hook} } }`,
      routes: `routes: [{ name: all, to: [${/^ {2}([a-z-]+): \{ kind/m.exec(yaml)?.[1] ?? 'county'}] }]`,
    };
    const missing = Object.entries(rest).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(yaml));
    expect(notifySettings(`${missing.map(([, part]) => part).join('\n')}\n${yaml}`)).toMatchObject({
      ok: true,
    });
  });

  it.each(ofKind('script'))('is a script of a simulated county: $path', ({ yaml }) => {
    expect(readScript(yaml, qilian())).toMatchObject({ script: {} });
  });

  it.each(ofKind('settings'))('is a file of settings: $path $yaml', ({ yaml }) => {
    writeFileSync(file, yaml);
    expect(readSettings(Settings, { flags: {}, environment: {}, file })).toMatchObject({ ok: true });
  });

  it('of each kind is there', () => {
    expect(ofKind('inventory').length).toBeGreaterThan(5);
    expect(ofKind('settings').length).toBeGreaterThan(3);
    expect(ofKind('notify').length).toBeGreaterThan(8);
    expect(ofKind('profile').length).toBeGreaterThan(0);
    expect(ofKind('credentials').length).toBeGreaterThan(0);
    expect(ofKind('script').length).toBeGreaterThan(0);
  });
});
