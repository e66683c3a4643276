import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLineToken, leaveAddress, listenedAt, makeCommandLineToken } from './command-line-token.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-token-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the token of the command line', () => {
  it('is there when a hub has run, and another after each start', () => {
    expect(commandLineToken(folder)).toBeUndefined();
    const first = makeCommandLineToken(folder);
    expect(commandLineToken(folder)).toBe(first);
    expect(makeCommandLineToken(folder)).not.toBe(first);
    expect(commandLineToken(folder)).not.toBe(first);
  });

  it('lies beside the address at which the hub listens', () => {
    expect(listenedAt(folder)).toBeUndefined();
    makeCommandLineToken(folder);
    leaveAddress(folder, '0.0.0.0:8081');
    expect(listenedAt(folder)).toBe('0.0.0.0:8081');
  });

  it.skipIf(process.platform === 'win32')('can be read by nobody but the hub’s user', () => {
    makeCommandLineToken(folder);
    expect(statSync(join(folder, 'hub', 'command-line.token')).mode & 0o777).toBe(0o600);
  });
});
