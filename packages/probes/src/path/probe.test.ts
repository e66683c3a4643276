import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { commandsFor, path } from './probe.ts';

/** Programs in a folder of their own, in front of the system's or instead of them. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-path-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
const programs = (elsewhere: string) => vi.stubEnv('PATH', `${folder}${elsewhere}`);
const inFront = () => programs(`${delimiter}${process.env.PATH}`);

describe('path', () => {
  it.each(['127.0.0.1', '::1', 'localhost'])(
    'finds the way to %s with the traceroute of this machine (apt-get install traceroute)',
    async (address) => {
      expect(await path.run(address, testContext())).toMatchObject({
        ok: true,
        fields: { reached: true, hops: 1, rtt_ms: expect.any(Number) },
      });
    },
  );

  it('asks tracepath where there is no traceroute that it understands', async () => {
    program('traceroute', 'echo "invalid option" >&2; exit 64');
    inFront();
    expect(await path.run('127.0.0.1', testContext())).toMatchObject({ ok: true, fields: { reached: true } });
  });

  it.each([
    ['at all', []],
    ['but the one that would run another', ['stdbuf']],
  ])('says so where there is no program %s', async (_, there) => {
    for (const name of there) symlinkSync(join('/usr/bin', name), join(folder, name));
    programs('');
    expect(await path.run('127.0.0.1', testContext())).toEqual({
      ok: false,
      source: 'agent',
      error: 'no traceroute program',
    });
  });

  it('kills a program that is stuck, and keeps what it had found', async () => {
    program('traceroute', `trap '' TERM; echo ' 1  10.0.0.1  0.5 ms'; while :; do sleep 0.1; done`);
    inFront();
    const start = performance.now();
    expect(await path.run('192.0.2.1', testContext(300))).toMatchObject({
      ok: true,
      fields: { reached: false, route: '10.0.0.1' },
    });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it.each([
    ['no hop answered', `echo ' 1  *'; echo ' 2  *'`],
    ['unreachable', 'echo "connect: Network is unreachable" >&2; exit 1'],
  ])('blames the path: %s', async (error, script) => {
    program('traceroute', script);
    inFront();
    expect(await path.run('192.0.2.1', testContext())).toEqual({
      ok: false,
      source: 'path',
      error,
      fields: { reached: false, hops: 0 },
    });
  });

  it('blames the resolver for a name that does not exist', async () => {
    expect(await path.run('no-such-host.invalid', testContext())).toMatchObject({ source: 'resolver' });
  });

  it('refuses what is not a host, and what could be an option', () => {
    expect(path.checkAddress('hub.school')).toBeUndefined();
    expect(path.checkAddress('-f')).toBe('"-f" is not a host');
    expect(path.checkAddress('host:80')).toBe('"host:80" is not a host');
  });

  it('gives each program of each system its own words', () => {
    const words = (address: string, platform: NodeJS.Platform) =>
      commandsFor(address, platform).map(({ program, args }) => [program, ...args].join(' '));
    expect(words('192.0.2.1', 'win32')).toEqual(['tracert.exe -d -h 30 -w 2000 192.0.2.1']);
    expect(words('192.0.2.1', 'linux')).toEqual([
      'traceroute -n -q 1 -w 2 -m 30 192.0.2.1',
      'stdbuf -oL tracepath -n -m 30 192.0.2.1',
    ]);
    expect(words('2001:db8::1', 'darwin')).toEqual(['traceroute6 -n -q 1 -w 2 -m 30 2001:db8::1']);
  });
});
