import { describe, expect, it } from 'vitest';
import { hashUserPassword, verifyUserPassword } from './user-password.ts';

describe('passwords of users', () => {
  it('are verified, in whichever normal form they are typed', async () => {
    const hash = await hashUserPassword('Zürich–教室 42'.normalize('NFD'));
    expect(hash).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(await verifyUserPassword('Zürich–教室 42'.normalize('NFC'), hash)).toBe(true);
    expect(await verifyUserPassword('zürich–教室 42', hash)).toBe(false);
    expect(await verifyUserPassword('Zürich–教室 42', undefined)).toBe(false);
  });
});
