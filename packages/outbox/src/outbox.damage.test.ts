import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { packLines } from './chunk.ts';
import { bulky, open, place, plenty, rtts, sample, silent } from './outbox.fixture.ts';
import { OutboxFile } from './outbox-file.ts';
import { openOutbox } from './sqlite-outbox.ts';

/** How each stream in the file begins: zlib's two bytes and the DICTID. */
const streamHead = Buffer.from(packLines([''])).toString('latin1', 0, 6);

/** Where the packed chunks are in a file. */
function streamsIn(file: Buffer): number[] {
  const starts: number[] = [];
  const text = file.toString('latin1');
  for (let at = text.indexOf(streamHead); at >= 0; at = text.indexOf(streamHead, at + 1)) starts.push(at);
  return starts;
}

/** What was set aside beside a file. */
const asideOf = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes('damaged'));

describe('damage', () => {
  it('found at start sets the file aside, and a new outbox begins', () => {
    const path = place();
    const first = open(path);
    const { id } = first.stats();
    first.append([sample(1)]);
    first.close();
    writeFileSync(path, readFileSync(path).fill(0x5a, 0, 2000));
    const second = openOutbox({ path, boot: 'boot-1', log: silent });
    expect(second.stats()).toMatchObject({ samples: 0, dropped: 0 });
    expect(second.append([sample(2)])).toEqual([1, 1]);
    expect(second.stats().id).not.toBe(id);
    expect(asideOf(path)).toHaveLength(1);
    second.close();
  });

  it('found at start is counted as far as the process before told, once', () => {
    const path = place();
    const before = { samples: 40, dropped: 2 };
    const whole = openOutbox({ path, boot: 'boot-1', log: silent });
    whole.append([sample(1)]);
    whole.close();
    const same = openOutbox({ path, boot: 'boot-1', log: silent, before });
    expect(same.stats()).toMatchObject({ samples: 1, dropped: 0 });
    same.close();
    writeFileSync(path, readFileSync(path).fill(0x5a, 0, 2000));
    for (let start = 1; start <= 2; start += 1) {
      const damaged = openOutbox({ path, boot: 'boot-1', log: silent, before });
      expect(damaged.stats()).toMatchObject({ samples: 0, dropped: 42 });
      damaged.close();
    }
  });

  it('is counted as well where the file is gone', () => {
    const outbox = openOutbox({ path: place(), boot: 'b', log: silent, before: { samples: 7, dropped: 0 } });
    expect(outbox.stats()).toMatchObject({ samples: 0, dropped: 7 });
    outbox.close();
  });

  it('found while running does the same, loses nothing new, and keeps only the last damaged file', () => {
    const path = place();
    const outbox = openOutbox({ path, boot: 'boot-1', log: silent });
    for (let round = 0; round < 3; round += 1) {
      for (let n = 1; n <= 1500; n += 1) outbox.append([bulky()]);
      const { id, samples: held, dropped: before } = outbox.stats();
      writeFileSync(path, readFileSync(path).fill(0x5a, 0));
      let appended = 0;
      while (outbox.stats().id === id && appended < 5000) {
        outbox.append([bulky()]);
        outbox.takeOldest({ samples: 1, bytes: 1 });
        appended += 1;
      }
      expect(outbox.stats().id).not.toBe(id);
      expect(outbox.append([sample(1)])).toBeDefined();
      const { samples, dropped, failedWrites } = outbox.stats();
      expect(failedWrites).toBe(0);
      // Held before, appended since: each is in the new outbox or counted.
      expect(samples + dropped).toBe(before + held + appended + 1);
      expect(dropped).toBeGreaterThanOrEqual(before + held);
    }
    const aside = readdirSync(dirname(path)).filter((name) => /damaged.*Z$/.test(name));
    expect(aside).toHaveLength(1);
    outbox.close();
  });

  it('inside one chunk costs that chunk alone, and it is counted', () => {
    const path = place();
    const first = open(path);
    for (let n = 1; n <= 3; n += 1) first.append([sample(n, 1_790_000_000), sample(n, 1_790_000_000)]);
    first.close();
    const bytes = readFileSync(path);
    const streams = streamsIn(bytes);
    expect(streams.length).toBe(3);
    const middle = streams[1] ?? 0;
    bytes[middle + 12] = (bytes[middle + 12] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    const second = open(path);
    const claims = [second.takeOldest(plenty), second.takeOldest(plenty)];
    expect(claims.map((claim) => claim?.lines.length)).toEqual([2, 2]);
    expect(second.stats()).toMatchObject({ samples: 4, dropped: 2 });
    second.close();
  });

  it('inside the last chunk gives its numbers to nobody else', () => {
    const path = place();
    const first = open(path);
    first.append([sample(1), sample(2)]);
    first.close();
    const bytes = readFileSync(path);
    const [stream = 0] = streamsIn(bytes);
    bytes[stream + 12] = (bytes[stream + 12] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    const second = open(path);
    expect(second.takeNewest(plenty)).toBeUndefined();
    expect(second.append([sample(3)])).toEqual([3, 3]);
    expect(second.takeOldest(plenty)).toMatchObject({ from: 3, to: 3, oldest: 3 });
    expect(second.stats()).toMatchObject({ samples: 1, dropped: 2 });
    second.close();
  });
});

/** The kernel answers EIO to whoever reads it from its beginning, as it does for a bad sector. */
const unreadable = '/proc/self/mem';

describe.runIf(process.platform === 'linux')('a disk that cannot read', () => {
  it.each([
    { what: 'the file', suffix: '', moved: 1 },
    { what: 'its log', suffix: '-wal', moved: 2 },
  ])(
    '$what costs what was in it after ten tries, counted as damage is; what was measured meanwhile is kept',
    ({ suffix, moved }) => {
      const path = place();
      open(path).close();
      rmSync(path + suffix, { force: true });
      symlinkSync(unreadable, path + suffix);
      const before = { samples: 40, dropped: 2 };
      const outbox = openOutbox({ path, boot: 'boot-1', log: silent, before });
      for (let n = 1; n <= 8; n += 1) {
        expect(outbox.append([sample(n)])).toBeUndefined();
        // Only an append is a try.
        for (let look = 0; look < 20; look += 1) expect(outbox.takeNewest(plenty)).toBeUndefined();
      }
      expect(asideOf(path)).toEqual([]);
      expect(outbox.append([sample(9)])).toBeUndefined();
      expect(asideOf(path)).toHaveLength(moved);
      expect(outbox.append([sample(10)])).toEqual([1, 10]);
      expect(outbox.stats()).toMatchObject({ samples: 10, dropped: 42, failedWrites: 0 });
      expect(rtts(outbox.takeNewest(plenty)?.lines)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      outbox.close();
    },
  );

  it('the file for a while costs nothing', () => {
    const path = place();
    const first = open(path);
    first.append([sample(1)]);
    first.close();
    const kept = readFileSync(path);
    rmSync(path);
    symlinkSync(unreadable, path);
    const outbox = openOutbox({ path, boot: 'boot-1', log: silent });
    for (let n = 2; n <= 9; n += 1) expect(outbox.append([sample(n)])).toBeUndefined();
    rmSync(path);
    writeFileSync(path, kept);
    expect(outbox.append([sample(10)])).toEqual([2, 10]);
    expect(outbox.stats()).toMatchObject({ samples: 10, dropped: 0 });
    outbox.close();
  });

  it('a part that it comes to later has the file opened and looked through by the next append', () => {
    const path = place();
    const outbox = openOutbox({ path, boot: 'boot-1', log: silent });
    outbox.append([sample(1)]);
    // As SQLite says it on Windows; on Unix it calls that damage.
    const badSector = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 266 });
    const read = vi.spyOn(OutboxFile.prototype, 'take').mockImplementationOnce(() => {
      throw badSector;
    });
    expect(outbox.takeOldest(plenty)).toBeUndefined();
    expect(outbox.takeOldest(plenty)).toBeUndefined();
    expect(read).toHaveBeenCalledOnce();
    expect(outbox.append([sample(2)])).toEqual([2, 2]);
    expect(rtts(outbox.takeOldest(plenty)?.lines)).toEqual([1, 2]);
    expect(outbox.stats()).toMatchObject({ samples: 2, dropped: 0 });
    outbox.close();
  });
});
