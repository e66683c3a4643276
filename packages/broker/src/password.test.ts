import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hashPassword, makePassword, PasswordVerifier, verifyPassword } from './password.ts';

describe('passwords of agents', () => {
  it('are different each time and safe in URLs and password files', () => {
    const made = Array.from({ length: 100 }, makePassword);
    expect(new Set(made).size).toBe(100);
    for (const password of made) expect(password).toMatch(/^[A-Za-z0-9_-]{27}$/);
  });

  it('fit their own hash and no other', async () => {
    const password = makePassword();
    expect(await verifyPassword(password, hashPassword(password))).toBe(true);
    expect(await verifyPassword(`${password}x`, hashPassword(password))).toBe(false);
    expect(await verifyPassword(password, hashPassword(makePassword()))).toBe(false);
  });

  it('never fit what is no hash', async () => {
    for (const hash of ['', 'secret', '$6$x$y', '$7$$$', '$7$101$$'])
      expect(await verifyPassword('', hash)).toBe(false);
  });

  it('fit hashes that mosquitto_passwd made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tongtang-passwd-'));
    const file = join(folder, 'passwd');
    const password = makePassword();
    await writeFile(file, `an-agent:${password}\n`);
    await promisify(execFile)('mosquitto_passwd', ['-U', file]).catch((error: unknown) => {
      throw new Error('needs mosquitto_passwd (apt-get install mosquitto)', { cause: error });
    });
    const [, hash = ''] = (await readFile(file, 'utf8')).trim().split(':');
    await rm(folder, { recursive: true });
    expect(hash).toMatch(/^\$7\$/);
    expect(await verifyPassword(password, hash)).toBe(true);
  });

  it('that were right once are known again, wrong ones stay wrong', async () => {
    const verifier = new PasswordVerifier();
    const password = Buffer.from(makePassword());
    const hash = hashPassword(password.toString());
    for (let round = 0; round < 3; round += 1) {
      expect(await verifier.verify('pc-1', password, hash)).toBe(true);
      expect(await verifier.verify('pc-1', Buffer.from('wrong'), hash)).toBe(false);
    }
    verifier.forget('pc-1');
    expect(await verifier.verify('pc-1', password, hash)).toBe(true);
  });
});
