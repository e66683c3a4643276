import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const child = join(import.meta.dirname, 'full-disk.child.ts');

/** A tmpfs of one megabyte in a mount namespace: seen by the child only, gone with it. */
function runOnSmallDisk(): ReturnType<typeof spawnSync> {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-full-'));
  const script = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "$1"';
  const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  return spawnSync('unshare', [...namespace, 'sh', '-c', script, 'sh', folder, process.execPath, child], {
    encoding: 'utf8',
  });
}

describe('a full disk', () => {
  it('never stops measuring: samples wait in memory, what is lost is counted, and it goes on when there is room', (context) => {
    const { status, stdout, stderr } = runOnSmallDisk();
    if (/unshare|mount:/.test(String(stderr))) context.skip(`no disk of our own: ${String(stderr).trim()}`);
    expect([status, stderr]).toEqual([0, '']);
    const { keptWhileFull, whileFull, works, afterwards, refused, atTheEnd } = JSON.parse(String(stdout));
    expect(keptWhileFull).toBeLessThan(200);
    expect(whileFull.samples).toBe(keptWhileFull + 100);
    expect(whileFull.failedWrites).toBe(300 - keptWhileFull - 100);
    expect(works).toBe(true);
    expect(afterwards).toMatchObject({
      samples: whileFull.samples + 1,
      lastSequence: whileFull.samples + 1,
      failedWrites: whileFull.failedWrites,
    });
    expect(refused).toBeLessThan(10);
    expect(atTheEnd.failedWrites).toBe(afterwards.failedWrites);
  });
});
