import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, place, sample } from './outbox.fixture.ts';
import { lastCommit } from './write-ahead-log.fixture.ts';
import { losesCommits } from './write-ahead-log.ts';

const frameBytes = 24 + 1024;

/** The log of an outbox as a kill leaves it: that of a first round, over which a second one has begun to write. */
function logOfKilled(appends: number): Buffer {
  const path = place();
  const outbox = open(path);
  for (let n = 1; n <= appends; n += 1) outbox.append([sample(n)]);
  copyFileSync(`${path}-wal`, `${path}-copy`);
  outbox.close();
  return readFileSync(`${path}-copy`);
}

function isDamaged(log: Buffer): boolean {
  const path = place();
  writeFileSync(path, log);
  return losesCommits(path);
}

describe('the log of an outbox that was killed', () => {
  it('is sound, at whatever append it was killed, and where none was written', () => {
    for (const appends of [1, 2, 3, 10, 60, 200]) expect(isDamaged(logOfKilled(appends))).toBe(false);
    expect(losesCommits(place())).toBe(false);
  });

  it('is sound where the last transaction was not written to its end', () => {
    const log = logOfKilled(10);
    const end = lastCommit(log) ?? 0;
    const torn = Buffer.from(log);
    // The frame that says commit was begun: what an earlier round left is behind its head.
    torn.fill(0x11, end + 24, end + frameBytes);
    expect(isDamaged(torn)).toBe(false);
    torn.fill(0x11, end, end + frameBytes);
    expect(isDamaged(torn)).toBe(false);
  });

  it('is damaged where any byte of its header or of a frame before the last commit is another', () => {
    const log = logOfKilled(10);
    const before = lastCommit(log) ?? 0;
    expect(before).toBeGreaterThan(5 * frameBytes);
    fc.assert(
      fc.property(fc.nat(before - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(log);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(isDamaged(damaged)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
