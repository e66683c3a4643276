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
    if (/unshare|mount:/.test(String(stderr)) && process.env.CI === undefined)
      context.skip(`no disk of our own: ${String(stderr).trim()}`);
    expect([status, stderr]).toEqual([0, '']);
    const {
      value,
      keptWhileFull,
      madeWhileFull,
      whileFull,
      works,
      afterwards,
      refused,
      atTheEnd,
      killed,
      closed,
      openedAgain,
      setAside,
    } = JSON.parse(String(stdout));
    // Some find room in what was kept for it, 100 in memory.
    expect(keptWhileFull).toBeGreaterThan(0);
    expect(whileFull.failedWrites).toBeGreaterThan(1000);
    expect(whileFull.dropped).toBe(whileFull.failedWrites);
    expect(whileFull.samples + whileFull.dropped).toBe(madeWhileFull);
    expect(works).toBe(true);
    expect(afterwards).toMatchObject({
      samples: whileFull.samples + 1,
      lastSequence: whileFull.samples + 1,
      failedWrites: whileFull.failedWrites,
      dropped: whileFull.failedWrites,
    });
    expect(refused).toBeLessThan(10);
    expect(atTheEnd.failedWrites).toBe(afterwards.failedWrites);
    expect(closed.dropped).toBeGreaterThan(atTheEnd.dropped + 100);
    for (const next of [openedAgain, killed]) {
      expect(next.dropped).toBe(closed.dropped);
      expect(next.lastSequence + next.dropped).toBe(value);
    }
    expect(setAside).toEqual([]);
  });
});
