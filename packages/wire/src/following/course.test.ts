import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchHeader, batchText, decodeBatch, encodeBatch } from '../batch.ts';
import { generator, Reports } from '../report.fixture.ts';
import { BatchWriter } from './batch-writer.ts';
import { BitWriter } from './bits.ts';
import { Course, courseLimits } from './course.ts';
import { CourseReader } from './course-reader.ts';

const outbox = 'k3j9x0q2m8aa';
const base = ['dns,link=broadband,target=resolver ok=true,resolve_ms=1.5,answers=1i 1788228000'];

/** Headers of batches that follow on each other. */
function headers(counts: readonly number[]): BatchHeader[] {
  let next = 1;
  return counts.map((count) => {
    const from = next;
    next += count;
    return { outbox, from, to: next - 1, oldest: Math.max(1, from - 7), commitLater: from % 3 === 0 };
  });
}

/** What a reader that has the course makes of a payload. */
function textIn(course: Course | undefined, payload: Buffer): string | 'again' | undefined {
  const read = course?.read(payload);
  return read === undefined || read === 'again' ? read : read.text.toString('utf8');
}

/** A fortnight of reports, two at a time. */
function reportsOf(seed: number, batches: number): string[][] {
  const reports = new Reports(seed);
  return Array.from({ length: batches }, () => [...reports.next(), ...reports.next()]);
}

describe('batches that follow on each other', () => {
  it('F-1, F-4, F-5: are read as they were told, whatever stands in them', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '=', ',', ' ', '5', '.', '-', 'i', '祁', '\u{1f600}'),
    });
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer({ min: -1000, max: 1000 }).map((value) => String(value / 100)),
      fc.integer().map((value) => `${value}i`),
      fc.constantFrom('0', '0i', '-0', '1e21', '1.50', 'true', '9007199254740993i'),
    );
    const line = fc
      .tuple(
        fc.constantFrom('dns', 'host', 'stamp,link=lan'),
        text,
        number,
        number,
        fc.integer({ min: 1, max: 4e9 }),
      )
      .map(([key, said, one, other, time]) => `${key} a=${one},text="${said}",b=${other} ${time}`);
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 }),
        (batches) => {
          const [first, ...rest] = headers([base.length, ...batches.map(({ length }) => length)]);
          if (first === undefined) return;
          const [writer, reader] = [new Course(first, base), new Course(first, base)];
          rest.forEach((header, index) => {
            const lines = batches[index] ?? [];
            const payload = writer.write(header, lines, index % 2 === 0);
            expect(payload && textIn(reader, payload)).toBe(batchText(header, lines));
          });
        },
      ),
    );
  });

  it('F-5: also numbers that leap, change their digits, or go beyond what can be reckoned exactly', () => {
    const value = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.integer({ min: 0, max: 99 }).map((hundredths) => hundredths / 100),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), (values) => {
        const lines = values.map(
          (one, index) => `host cpu_ratio=${one},processes=${Math.round(one)}i ${1_788_228_000 + 10 * index}`,
        );
        const all = headers(lines.map(() => 1));
        const [header, ...rest] = all;
        if (header === undefined) return;
        const [writer, reader] = [
          new Course(header, lines.slice(0, 1)),
          new Course(header, lines.slice(0, 1)),
        ];
        rest.forEach((next, index) => {
          const own = lines.slice(index + 1, index + 2);
          const payload = writer.write(next, own, true);
          expect(payload && textIn(reader, payload)).toBe(batchText(next, own));
        });
      }),
    );
  });

  it('take a third of what they would as zlib streams, of the noisiest reports', () => {
    const batches = reportsOf(7, 100);
    const writer = new BatchWriter(() => ({ dictionary: true, following: true }));
    let [told, whole] = [0, 0];
    headers(batches.map(({ length }) => length)).forEach((header, index) => {
      told += writer.next(header, batches[index] ?? []).length;
      whole += encodeBatch(header, batches[index] ?? [], true).length;
    });
    expect(told / whole).toBeLessThan(1 / 3);
  });

  it('F-6: one that is missing makes the next unreadable, and nothing wrong is read', () => {
    const [one = [], two = [], three = []] = reportsOf(3, 3);
    const [first, second, third] = headers([6, 6, 6]);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three');
    const [writer, reader] = [new Course(first, one), new Course(first, one)];
    writer.write(second, two, true);
    const payload = writer.write(third, three, true);
    expect(payload && reader.read(payload)).toBeUndefined();
  });

  it('F-7: the same once more is known as such', () => {
    const [one = [], two = []] = reportsOf(3, 2);
    const [first, second] = headers([6, 6]);
    if (first === undefined || second === undefined) throw new Error('two');
    const [writer, reader] = [new Course(first, one), new Course(first, one)];
    const payload = writer.write(second, two, true) ?? Buffer.alloc(0);
    expect(textIn(reader, payload)).toBe(batchText(second, two));
    expect(textIn(reader, payload)).toBe('again');
  });

  it('F-6: damaged or invented, they are never read as something else', () => {
    const random = generator(20_261_129);
    const below = (limit: number) => Math.floor(random() * limit);
    const [one = [], two = []] = reportsOf(11, 2);
    const [first, second] = headers([6, 6]);
    if (first === undefined || second === undefined) throw new Error('two');
    const payload = new Course(first, one).write(second, two, true) ?? Buffer.alloc(0);
    for (let run = 0; run < 20_000; run += 1) {
      const damaged = Buffer.from(payload);
      if (run % 2 === 0)
        damaged.writeUInt8(
          (damaged.readUInt8(1 + below(damaged.length - 1)) + 1 + below(255)) % 256,
          1 + below(damaged.length - 1),
        );
      else for (let at = 1; at < damaged.length; at += 1) damaged.writeUInt8(below(256), at);
      const read = textIn(new Course(first, one), damaged);
      if (read !== undefined) expect(read).toBe(batchText(second, two));
    }
  });

  it('F-8: a reader keeps no more than so much, whatever it is told', () => {
    const lines = Array.from(
      { length: 190 },
      (_, index) => `host cpu_ratio=0.${index + 1},error="${'x'.repeat(50)}${index}" 1788228000`,
    );
    const [first, second] = headers([190, 190]);
    if (first === undefined || second === undefined) throw new Error('two');
    const [writer, reader] = [new Course(first, lines), new Course(first, lines)];
    const again = lines.map((line) => line.replace('0.', '1.'));
    const payload = writer.write(second, again, true);
    expect(payload && textIn(reader, payload)).toBe(batchText(second, again));
    const over = Array.from({ length: courseLimits.lines + 1 }, () => base[0] ?? '');
    const third = { outbox, from: 381, to: 381 + courseLimits.lines, oldest: 1 };
    expect(writer.write(third, over, true)).toBeUndefined();
  });

  it('F-8: what is told in full may not be more than a batch has, and is refused without a look at its lines', () => {
    const [header] = headers([1]);
    if (header === undefined) throw new Error('one');
    const tellingInFull = (text: string): Buffer => {
      const bits = new BitWriter();
      bits.putGolomb(0, 0);
      // As many samples, and as many held before them, as the basis had; the commit is not later; lines are told in full.
      for (const bit of [1, 1, 0, 1]) bits.put(bit, 1);
      bits.putBytes(deflateSync(text));
      return Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), bits.bytes()]);
    };
    const size = 4 * 1024 * 1024;
    const kinds = ['x'.repeat(size), '\n'.repeat(size), 'x'.repeat(size + 1_000_000)];
    const payloads = kinds.map(tellingInFull);
    // In turn, so that a busy moment and what is not compiled yet hit all alike.
    const rounds = Array.from({ length: 10 }, () =>
      payloads.map((payload) => {
        expect(payload.length).toBeLessThan(10_000);
        const start = performance.now();
        expect(new Course(header, base).read(payload)).toBeUndefined();
        return performance.now() - start;
      }),
    );
    const [plain = 0, lines, bomb] = kinds.map((_, kind) => Math.min(...rounds.map((ms) => ms[kind] ?? 0)));
    // A list of millions of lines took sixty times as long.
    expect(lines).toBeLessThan(10 * plain);
    expect(bomb).toBeLessThan(10 * plain);
  });

  it('F-8: more text than a batch has does not follow, nor is it what others follow on', () => {
    const long = (letter: string) => [`dns ok=true,error="${letter.repeat(courseLimits.text)}" 1788228000`];
    const [first, second] = headers([1, 1]);
    if (first === undefined || second === undefined) throw new Error('two');
    expect(new Course(first, base).write(second, long('x'), true)).toBeUndefined();
    const writer = new BatchWriter(() => ({ dictionary: true, following: true }));
    expect(decodeBatch(writer.next(first, long('x')))).not.toHaveProperty('basis');
    const reader = new CourseReader();
    reader.read(encodeBatch({ ...first, basis: true }, long('x'), true));
    expect(reader.read(new Course(first, long('x')).write(second, base, true) ?? Buffer.alloc(0))).toEqual({
      unfollowed: 'thread-lost',
    });
    // A pattern of a few bits may stand for much text.
    const half = [`dns ok=true,error="${'x'.repeat(courseLimits.patternText - 100)}" 1788228000`];
    const [basis, next] = headers([1, 3]);
    if (basis === undefined || next === undefined) throw new Error('two');
    const payload = new Course(basis, half).write(next, [...half, ...base, ...base], true);
    expect(payload && textIn(new Course(basis, half), payload)).toBeDefined();
  });

  it('B-9: lines made to be slow to take apart are not', () => {
    const worst = [
      `"${'\\"'.repeat(2040)}`,
      '="\\"'.repeat(1000),
      '=1'.repeat(2000),
      `=1${'.'.repeat(4000)}`,
    ];
    const header = { outbox, from: 1, to: 16, oldest: 1, basis: true };
    const fastestMs = (line: string): number => {
      const lines = Array.from({ length: 16 }, () => `${line} 1788228000`);
      const payload = encodeBatch(header, lines, true);
      const tries = Array.from({ length: 3 }, () => {
        const start = performance.now();
        expect(new CourseReader().read(payload)).toMatchObject({ rejected: { length: 16 } });
        return performance.now() - start;
      });
      return Math.min(...tries);
    };
    // Quotes that nothing closes took two hundred times as long.
    for (const line of worst) expect(fastestMs(line), line).toBeLessThan(50 * fastestMs('x'.repeat(4000)));
  });
});

describe('who writes batches', () => {
  const lines = (index: number) => [`host cpu_ratio=0.${1 + (index % 9)} ${1_788_228_000 + 10 * index}`];
  const header = (index: number) => ({ outbox, from: index, to: index, oldest: 1 });

  it('F-2: tells the first as a whole and says that others follow, and again after ten minutes', () => {
    const writer = new BatchWriter(() => ({ dictionary: true, following: true }));
    const payloads = Array.from({ length: 130 }, (_, index) => writer.next(header(index + 1), lines(index)));
    const bases = payloads.flatMap((payload, index) => {
      const batch = decodeBatch(payload);
      return 'reason' in batch ? [] : [[index, batch.basis]];
    });
    expect(bases).toEqual([
      [0, true],
      [60, true],
      [120, true],
    ]);
  });

  it('F-3: tells all as a whole to a hub that does not say that it follows', () => {
    const writer = new BatchWriter(() => ({ dictionary: true, following: false }));
    for (let index = 1; index < 5; index += 1)
      expect(decodeBatch(writer.next(header(index), lines(index)))).not.toHaveProperty('basis');
  });

  it('F-2: begins anew where it is told to, with another outbox, and with too many samples', () => {
    const writer = new BatchWriter(() => ({ dictionary: false, following: true }));
    writer.next(header(1), lines(1));
    writer.beginAnew();
    expect(decodeBatch(writer.next(header(2), lines(2)))).toMatchObject({ basis: true });
    expect(decodeBatch(writer.next({ ...header(3), outbox: 'an0therbox' }, lines(3)))).toMatchObject({
      basis: true,
    });
    const many = Array.from({ length: 1000 }, (_, index) => lines(index)).flat();
    const whole = decodeBatch(writer.next({ outbox: 'an0therbox', from: 4, to: 1003, oldest: 1 }, many));
    expect(whole).not.toHaveProperty('basis');
    expect('reason' in whole).toBe(false);
  });
});
