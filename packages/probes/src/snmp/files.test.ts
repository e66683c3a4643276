import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.ts';
import { ReceiverFiles } from './files.ts';
import { shippedProfiles } from './shipped-profiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-receivers-'));
  mkdirSync(join(folder, 'profiles'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const writeCredentials = (text: string, mode = 0o600) => {
  writeFileSync(join(folder, 'credentials.yaml'), text);
  chmodSync(join(folder, 'credentials.yaml'), mode);
};

describe('profiles of an agent', () => {
  it('come before the shipped one of the same name, from the moment that they are written', () => {
    const files = new ReceiverFiles(folder);
    expect(files.profile('novra-s400')).toMatchObject({ ok: true, profile: { name: 'Novra S400' } });
    const own = (shippedProfiles()['novra-s400'] ?? '').replace('name: Novra S400', 'name: Ours');
    writeFileSync(join(folder, 'profiles', 'novra-s400.yaml'), own);
    expect(files.profile('novra-s400')).toMatchObject({ ok: true, profile: { name: 'Ours' } });
    writeFileSync(join(folder, 'profiles', 'roof.yaml'), 'name: 1');
    expect(files.profileNames()).toEqual(['novra-s400', 'roof']);
    expect(files.profile('roof')).toMatchObject({ problem: expect.stringContaining('roof.yaml: ') });
  });

  it('that are not there are named with the place where they should be', () => {
    expect(new ReceiverFiles(folder).profile('roof')).toEqual({
      ok: false,
      problem: `no profile "roof": not shipped, and no ${join(folder, 'profiles', 'roof.yaml')}`,
    });
  });
});

describe('credentials of an agent', () => {
  it('are a community or a user; without a name, the community that is no secret', () => {
    writeCredentials('roof: { community: of-the-roof }\nhall: { user: technician, context: card2 }');
    const files = new ReceiverFiles(folder);
    expect(files.credentials('roof')).toEqual({ ok: true, credentials: { community: 'of-the-roof' } });
    expect(files.credentials('hall')).toMatchObject({ ok: true, credentials: { context: 'card2' } });
    expect(files.credentials(undefined)).toEqual({ ok: true, credentials: { community: 'public' } });
    expect(new ReceiverFiles().credentials('roof')).toMatchObject({ ok: false });
  });

  it('that everybody on the machine can read are not used', () => {
    writeCredentials('roof: { community: of-the-roof }', 0o644);
    expect(new ReceiverFiles(folder).credentials('roof')).toMatchObject({
      problem: expect.stringContaining('credentials.yaml: everybody can read it'),
    });
  });

  it.each([
    ['secret', 'credentials.yaml: must be names and their credentials'],
    ['roof: [secret', 'credentials.yaml: not YAML, at character '],
    ['roof: secret', 'credentials.yaml: roof: must be object'],
    ['roof: { community: secret, port: secret }', 'credentials.yaml: roof: port: is not known here'],
    [
      'roof: { user: u, auth: { protocol: sha1, password: a-secret } }',
      'credentials.yaml: roof: auth.protocol: must be one of md5, sha, ',
    ],
    [
      'roof: { user: u, auth: { protocol: sha, password: secret } }',
      'credentials.yaml: roof: auth.password: must not have fewer than 8 characters',
    ],
    [
      'roof: { user: u, priv: { protocol: aes, password: a-secret } }',
      'credentials.yaml: roof.priv: needs auth as well',
    ],
    ['hall: { community: secret }', 'credentials.yaml: there are no credentials "roof"'],
  ])('"%s" are refused with the place, and the secret is not repeated', (text, problem) => {
    const read = readCredentials(text, 'roof', 'credentials.yaml');
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
