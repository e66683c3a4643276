import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../ledger.ts';
import { damage, meddle } from '../meddle.fixture.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { ledgerLimits } from './room.ts';

const log = createLog('error');
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-ledger-')), 'ledger.db');

function entry(from: number, to: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { agent: 'a1', outbox: 'box00001', from, to, oldest: 1, time: 1_800_000_000, ...more };
}

function opened<T>(work: (ledger: Ledger) => T, path = place(), expected = false): T {
  const ledger = openLedger(path, log, expected);
  try {
    return work(ledger);
  } finally {
    ledger.close();
  }
}

describe('the ledger', () => {
  it('says what was received, what is missing, and what of that is lost', () => {
    opened((ledger) => {
      ledger.accept([entry(5, 8), entry(11, 12, { oldest: 3, time: 1_800_000_060 })]);
      expect(ledger.outboxes('a1')).toEqual([
        {
          id: 'box00001',
          received: [
            [5, 8],
            [11, 12],
          ],
          unknownBefore: 1,
          missing: [
            [1, 4],
            [9, 10],
          ],
          lost: [[1, 2]],
          firstSeen: 1_800_000_000,
          lastSeen: 1_800_000_060,
        },
      ]);
    });
  });

  it('keeps what it accepted when it is opened again', () => {
    const path = place();
    opened((ledger) => ledger.accept([entry(1, 10)]), path);
    opened((ledger) => {
      ledger.accept([entry(11, 20)]);
      expect(ledger.received('a1', 'box00001')).toEqual([[1, 20]]);
    }, path);
  });

  it('keeps agents and outboxes apart', () => {
    opened((ledger) => {
      ledger.accept([entry(1, 2), entry(7, 9, { outbox: 'box00002' }), entry(4, 4, { agent: 'a2' })]);
      expect(ledger.outboxes('a1').map(({ id, received }) => [id, received])).toEqual([
        ['box00002', [[7, 9]]],
        ['box00001', [[1, 2]]],
      ]);
      expect(ledger.received('a2', 'box00001')).toEqual([[4, 4]]);
      expect(ledger.received('a3', 'box00001')).toEqual([]);
      expect(ledger.outboxes('a3')).toEqual([]);
    });
  });

  it('counts what is new and what came again', () => {
    opened((ledger) => {
      ledger.accept([entry(1, 10), entry(11, 20), entry(1, 10), entry(15, 25)]);
      expect(ledger.counts()).toEqual({ accepted: 25, repeated: 16 });
    });
  });

  it('enters and counts nothing of what the disk refused', () => {
    const path = place();
    opened((ledger) => {
      ledger.accept([entry(1, 10)]);
      meddle(
        path,
        "CREATE TRIGGER full BEFORE INSERT ON received BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
      );
      expect(() => ledger.accept([entry(11, 20), entry(31, 40)])).toThrow('disk is full');
      meddle(path, 'DROP TRIGGER full');
      expect(ledger.received('a1', 'box00001')).toEqual([[1, 10]]);
      ledger.accept([entry(11, 20)]);
      expect(ledger.received('a1', 'box00001')).toEqual([[1, 20]]);
      expect(ledger.counts()).toEqual({ accepted: 20, repeated: 0 });
    }, path);
  });

  it('goes on with an empty file where its own turns out to be damaged', () => {
    const path = place();
    opened((ledger) => {
      ledger.accept(Array.from({ length: 3000 }, (_, at) => entry(at * 2 + 1, at * 2 + 1)));
      damage(path);
      expect(() => ledger.received('a1', 'box00001')).toThrow(/malformed/);
      ledger.accept([entry(9, 10)]);
      expect(ledger.received('a1', 'box00001')).toEqual([[9, 10]]);
    }, path);
  });

  it('that took the place of a damaged one calls nothing lost that the first may have had', () => {
    const path = place();
    opened((ledger) => ledger.accept([entry(1, 3000), entry(5000, 6000, { oldest: 4000 })]), path);
    damage(path);
    opened((ledger) => {
      // The backlog may come first; the newest comes within minutes.
      const time = (afterS: number) => ({ oldest: 4000, time: 1_800_001_000 + afterS });
      ledger.accept([entry(4000, 4099, time(0))]);
      ledger.accept([entry(6001, 6010, time(20)), entry(6016, 6020, time(30))]);
      ledger.accept([entry(6031, 6040, { oldest: 6025, time: 1_800_002_000 })]);
      expect(ledger.outboxes('a1')).toMatchObject([
        { unknownBefore: 6016, missing: [[6021, 6030]], lost: [[6021, 6024]] },
      ]);
    }, path);
  });

  it('that took the place of a damaged one knows all of an outbox that begins after it', () => {
    const path = place();
    opened((ledger) => ledger.accept([entry(1, 3000)]), path);
    damage(path);
    opened((ledger) => {
      ledger.accept([entry(1, 5), entry(11, 12, { oldest: 8 })]);
      expect(ledger.outboxes('a1')).toMatchObject([{ unknownBefore: 1, missing: [[6, 10]], lost: [[6, 7]] }]);
    }, path);
  });

  it.each([
    ['that is expected and gone', true, 5001, []],
    ['that is the first', false, 1, [[1, 5000]]],
  ])('%s calls lost only what it can know of', (_, expected, unknownBefore, lost) => {
    const path = place();
    opened((ledger) => ledger.accept([entry(5001, 5010, { oldest: 5001 })]), path, expected);
    // It is new once only.
    opened((ledger) => expect(ledger.outboxes('a1')).toMatchObject([{ unknownBefore, lost }]), path, true);
  });

  it('has room for as many outboxes of an agent as any honest one makes, and the known ones go on', () => {
    const path = place();
    const names = Array.from({ length: ledgerLimits.outboxes }, (_, at) => `box${at + 10_000}`);
    const now = 1_800_000_000;
    opened((ledger) => {
      for (const outbox of names) expect(ledger.admits('a1', outbox, now)).toBe(true);
      expect(ledger.admits('a1', 'onemore1', now)).toBe(false);
      ledger.accept(names.map((outbox) => entry(1, 2, { outbox })));
    }, path);
    opened((ledger) => {
      expect(ledger.admits('a1', 'onemore1', now + 86_400)).toBe(false);
      expect(ledger.admits('a1', 'box10007', now + 86_400)).toBe(true);
      expect(ledger.admits('a2', 'onemore1', now + 86_400)).toBe(true);
      expect(ledger.admits('a1', 'onemore1', now + ledgerLimits.outboxesWithinS + 1)).toBe(true);
    }, path);
  });

  it('forgets outboxes of which nothing was heard for a month, counts them, and calls nothing lost that they may have had', () => {
    const path = place();
    const dayS = 86_400;
    const first = 1_800_000_000;
    const days = 200;
    opened((ledger) => {
      for (let boot = 0; boot < days * 8; boot += 1) {
        const time = first + (boot * dayS) / 8;
        const outbox = `box${boot + 10_000}`;
        expect(ledger.admits('a1', outbox, time)).toBe(true);
        ledger.accept([entry(1, 9, { outbox, time }), entry(1, 9, { agent: 'a2', time })]);
      }
    }, path);
    opened((ledger) => {
      const time = first + days * dayS;
      const kept = ledger.outboxes('a1');
      // Eight in each of the 30 days before those that are kept, and what comes until it is looked again.
      expect(kept.length).toBeLessThan(ledgerLimits.outboxesKept + 8 * 30 + 64);
      expect(kept.length + ledger.earlier('a1')).toBe(days * 8);
      expect(ledger.earlier('a2')).toBe(0);
      expect(ledger.lastSeen('a1')).toBe(time - dayS / 8);
      // A disk that is put back to what it was has what is left of an outbox of then.
      ledger.accept([entry(31, 40, { outbox: 'box10003', oldest: 31, time })]);
      // A new one may bring its newest first.
      ledger.accept([entry(31, 40, { outbox: 'another0', oldest: 1, time })]);
      ledger.accept([entry(1, 10, { outbox: 'another0', oldest: 21, time })]);
      const told = ledger.outboxes('a1');
      expect(told.find(({ id }) => id === 'box10003')).toMatchObject({ unknownBefore: 31, missing: [] });
      expect(told.find(({ id }) => id === 'another0')).toMatchObject({
        unknownBefore: 1,
        missing: [[11, 30]],
        lost: [[11, 20]],
      });
    }, path);
  });

  it('forgets no outbox because the clock was set forward by weeks', () => {
    opened((ledger) => {
      for (let boot = 0; boot < 500; boot += 1) {
        const daysAhead = boot < 400 ? 0 : 45;
        const time = 1_800_000_000 + boot * 10_800 + daysAhead * 86_400;
        ledger.accept([entry(1, 9, { outbox: `box${boot + 10_000}`, time })]);
      }
      expect([ledger.outboxes('a1').length, ledger.earlier('a1')]).toEqual([500, 0]);
    });
  });

  it('bounds what an agent of many outboxes with many gaps makes it keep, and takes the present of each', () => {
    opened((ledger) => {
      const most = ledgerLimits.rangesPerAgent;
      const boxes = Array.from({ length: 110 }, (_, at) => `box${at + 10_000}`);
      for (const outbox of boxes)
        ledger.accept(Array.from({ length: 1000 }, (_, at) => entry(at * 2 + 1, at * 2 + 1, { outbox })));
      const outboxes = ledger.outboxes('a1');
      const ranges = outboxes.reduce((sum, { received }) => sum + received.length, 0);
      expect(ranges).toBeLessThan(most + 110 * 10);
      for (const { received } of outboxes) expect(received.at(-1)).toEqual([1999, 1999]);
      expect(outboxes[0]?.unknownBefore).toBeGreaterThan(1900);
      expect(outboxes.at(-1)?.unknownBefore).toBe(1);
    });
  });

  it('forgets the oldest of too many gaps, and says so', () => {
    opened((ledger) => {
      const most = ledgerLimits.rangesPerOutbox;
      ledger.accept(Array.from({ length: most + 2 }, (_, at) => entry(at * 2 + 1, at * 2 + 1)));
      const [outbox] = ledger.outboxes('a1');
      expect(outbox?.received).toHaveLength(most);
      expect(outbox).toMatchObject({ unknownBefore: 4 });
      expect(outbox?.missing[0]).toEqual([4, 4]);
      ledger.accept([entry(1, 1), entry(most * 2 + 4, most * 2 + 4)]);
      expect(ledger.received('a1', 'box00001').at(0)).toEqual([5, 5]);
      expect(ledger.received('a1', 'box00001').at(-1)).toEqual([most * 2 + 3, most * 2 + 4]);
    });
  });

  it('agrees with a plain set of numbers, whatever comes in whatever order', () => {
    const sending = fc.record({
      agent: fc.constantFrom('a1', 'a2'),
      outbox: fc.constantFrom('box00001', 'box00002'),
      from: fc.integer({ min: 1, max: 60 }),
      length: fc.integer({ min: 1, max: 20 }),
      oldest: fc.integer({ min: 1, max: 60 }),
      together: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sending, { maxLength: 40 }), fc.nat(40), (sendings, restartAt) => {
        const path = place();
        const model = new Map<string, { numbers: Set<number>; oldest: number }>();
        let ledger = openLedger(path, log);
        let waiting: LedgerEntry[] = [];
        for (const [index, { agent, outbox, from, length, oldest, together }] of sendings.entries()) {
          const key = `${agent} ${outbox}`;
          const kept = model.get(key) ?? { numbers: new Set(), oldest: 0 };
          for (let number = from; number < from + length; number += 1) kept.numbers.add(number);
          model.set(key, { ...kept, oldest: Math.max(kept.oldest, oldest) });
          waiting.push(entry(from, from + length - 1, { agent, outbox, oldest }));
          if (together) continue;
          ledger.accept(waiting);
          waiting = [];
          if (index !== restartAt) continue;
          ledger.close();
          ledger = openLedger(path, log);
        }
        ledger.accept(waiting);
        for (const agent of ['a1', 'a2'])
          for (const { id, received, missing, lost } of ledger.outboxes(agent)) {
            const { numbers, oldest } = model.get(`${agent} ${id}`) ?? { numbers: new Set(), oldest: 0 };
            const all = Array.from({ length: Math.max(0, ...numbers) }, (_, index) => index + 1);
            expect(flat(received)).toEqual(all.filter((number) => numbers.has(number)));
            expect(flat(missing)).toEqual(all.filter((number) => !numbers.has(number)));
            expect(flat(lost)).toEqual(all.filter((number) => !numbers.has(number) && number < oldest));
            for (const [index, [from]] of received.entries())
              expect(from).toBeGreaterThan((received[index - 1]?.[1] ?? -1) + 1);
            for (let from = 1; from <= 82; from += 1)
              expect(ledger.holds(agent, id, [from, from + 1])).toBe(
                numbers.has(from) && numbers.has(from + 1),
              );
            model.delete(`${agent} ${id}`);
          }
        expect(model.size).toBe(0);
        ledger.close();
      }),
      { numRuns: 60 },
    );
  });
});

function flat(ranges: readonly (readonly [number, number])[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
