import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, place, plenty, sample, silent } from './outbox.fixture.ts';
import { openOutbox } from './sqlite-outbox.ts';
import { lastCommit } from './write-ahead-log.fixture.ts';

/** An outbox that holds something, as it was closed or as a kill left it. */
function filled(closed: boolean) {
  const path = place();
  const outbox = open(path);
  for (let n = 0; n < 60; n += 1) {
    outbox.append(Array.from({ length: 5 }, () => sample(n)));
    if (n === 30) outbox.commit(outbox.stats().id, [[1, 100]]);
  }
  const truth = outbox.stats();
  if (closed) outbox.close();
  const left = place();
  for (const suffix of ['', '-wal'])
    if (existsSync(path + suffix)) copyFileSync(path + suffix, left + suffix);
  if (!closed) outbox.close();
  return { path: left, truth };
}

/** Bytes at a place of a file, as a part of its length. */
const scribbles = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('random bytes anywhere in the files', () => {
  it.each([
    ['closed', true],
    ['killed', false],
  ])('of an outbox that was %s: it goes on, gives no number twice, and counts what is gone', (_, closed) => {
    const { path: original, truth } = filled(closed);
    const before = { samples: truth.samples, dropped: truth.dropped };
    fc.assert(
      fc.property(scribbles, scribbles, (inFile, inLog) => {
        const path = place();
        for (const [suffix, places] of [
          ['', inFile],
          ['-wal', inLog],
        ] as const) {
          if (!existsSync(original + suffix)) continue;
          const content = readFileSync(original + suffix);
          // What cannot be told from a kill is left as it is.
          const end = suffix === '' ? content.length : (lastCommit(content) ?? 0);
          for (const { at, bytes } of places) content.set(bytes, Math.floor(at * (end - bytes.length)));
          writeFileSync(path + suffix, content);
        }
        const outbox = openOutbox({ path, boot: 'boot-1', log: silent, before });
        const given = outbox.append([sample(1)]) ?? outbox.append([sample(2)]);
        const { id } = outbox.stats();
        expect(id).toMatch(/^[0-9a-f]{16}$/);
        if (id === truth.id) expect(given?.[0]).toBeGreaterThan(truth.lastSequence);
        for (let claim = outbox.takeOldest(plenty); claim !== undefined; claim = outbox.takeOldest(plenty))
          expect(claim.lines).toHaveLength(claim.to - claim.from + 1);
        const { samples, dropped } = outbox.stats();
        expect(samples + dropped).toBeGreaterThan(truth.samples);
        outbox.close();
      }),
      { numRuns: 200 },
    );
  });
});
