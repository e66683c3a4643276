import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, decodeBatch, encodeBatch, limits } from './batch.ts';
import { dictionary, dictionaryId } from './dictionary.ts';
import { type DecodedSample, decodeLine, textOf } from './line-protocol.ts';
import { Reports } from './report.fixture.ts';

const header = { outbox: 'k3j9x0q2m8aa', from: 101, to: 103, oldest: 7 };
const lines = new Reports(1).next();
const head = '# tongtang outbox=k3j9x0q2m8aa seq=101-103 oldest=7';

function decoded(payload: Uint8Array): Batch {
  const batch = decodeBatch(payload);
  if ('reason' in batch) throw new Error(batch.reason);
  return batch;
}

function refusal(payload: Uint8Array | string): string {
  const batch = decodeBatch(typeof payload === 'string' ? Buffer.from(payload) : payload);
  return 'reason' in batch ? batch.reason : 'accepted';
}

describe('batches', () => {
  it('B-1: hold a header and a line for each sample in the order of their numbers', () => {
    const payload = encodeBatch(header, lines, false);
    expect(inflateSync(payload).toString()).toBe(`${head}\n${lines.join('\n')}\n`);
    const batch = decoded(payload);
    expect(batch).toMatchObject({ ...header, rejected: [] });
    expect(batch.samples.map(textOf)).toEqual(lines);
  });

  it('B-1: are read back as they were written, with and without the dictionary', () => {
    const seq = fc.integer({ min: 1, max: 1e9 });
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 20 }),
        seq,
        seq,
        fc.boolean(),
        (seed, reports, a, b, preset) => {
          const source = new Reports(seed);
          const lines = Array.from({ length: reports }, () => source.next()).flat();
          const [oldest, from] = a < b ? [a, b] : [b, a];
          const header = { outbox: 'k3j9x0q2m8aa', from, to: from + lines.length - 1, oldest };
          const batch = decoded(encodeBatch(header, lines, preset));
          expect(batch).toMatchObject({ ...header, rejected: [] });
          expect(batch.samples.map(textOf)).toEqual(lines);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('C-10: say where a later one asks for the commit, among keys of versions to come', () => {
    const payload = encodeBatch({ ...header, commitLater: true }, lines, true);
    expect(decoded(payload)).toMatchObject({ ...header, commitLater: true });
    const text = (keys: string) => Buffer.from(`${head}${keys}\n${lines.join('\n')}`);
    expect(decoded(text(' speed=high commit=later')).commitLater).toBe(true);
    for (const keys of ['', ' commit=now', ' recommit=later', ' commit=laterx'])
      expect(decoded(text(keys)), keys).not.toHaveProperty('commitLater');
  });

  it('B-1: empty lines and comments say nothing, and the last line feed may be missing', () => {
    const text = `${head}\n\n# a remark\n${lines.join('\n\n')}`;
    expect(decoded(Buffer.from(text)).samples).toHaveLength(3);
  });

  it.each([
    ['', 'neither text nor a zlib stream'],
    ['#', 'first line is not'],
    ['# tongtang', 'first line is not'],
    ['# tongtang outbox=short seq=1-1 oldest=1', 'first line is not'],
    ['# tongtang outbox=k3j9x0q2m8aa seq=1-x oldest=1', 'first line is not'],
    ['# tongtang outbox=k3j9x0q2m8aa seq=1-1', 'first line is not'],
    ['# tongtang outbox=k3j9x0q2m8aa seq=1-1000000000000000 oldest=1', 'first line is not'],
    ['# tongtang outbox=k3j9x0q2m8aa seq=2-1 oldest=1', 'is not a range'],
    ['# tongtang outbox=k3j9x0q2m8aa seq=0-1 oldest=1', 'is not a range'],
    [`# tongtang outbox=k3j9x0q2m8aa seq=1-1 oldest=1 x=${'y'.repeat(300)}`, 'first line is not'],
  ])('B-2: "%s" is no header', (text, reason) => {
    expect(refusal(`${text}\ndns ok=true 1\n`)).toContain(reason);
  });

  it('B-3: further pairs in the header say nothing yet', () => {
    const text = `${head} zone=asia next=1\n${lines.join('\n')}\n`;
    expect(decoded(Buffer.from(text))).toMatchObject(header);
  });

  it('B-4: the numbers must be as many as the samples', () => {
    expect(refusal(encodeBatch({ ...header, to: 104 }, lines, false))).toContain('promises 4 samples, 3');
    expect(refusal(encodeBatch({ ...header, to: 102 }, lines, false))).toContain('promises 2 samples, 3');
    expect(refusal(`${head}\n`)).toContain('promises 3 samples, 0');
  });

  it('B-5: the oldest number held is not above those that are sent', () => {
    expect(refusal(encodeBatch({ ...header, oldest: 102 }, lines, false))).toContain('oldest=102');
    expect(refusal(encodeBatch({ ...header, oldest: 0 }, lines, false))).toContain('oldest=0');
    expect(decoded(encodeBatch({ ...header, oldest: 101 }, lines, false)).oldest).toBe(101);
  });

  it('B-6: a line that is no sample is told with its reason, and does not stop the others', () => {
    const [first = '', , third = ''] = lines;
    const batch = decoded(encodeBatch(header, [first, 'later_metric x=1 1788228010', third], true));
    expect(batch.samples.map(textOf)).toEqual([first, third]);
    expect(batch.rejected).toEqual([
      { line: 'later_metric x=1 1788228010', reason: 'unknown measurement "later_metric"' },
    ]);
  });

  it('B-6: a line is read as if it stood alone, whatever stands around it', () => {
    const part = fc.constantFrom(
      ...['dns', ',', '=', ' ', '\\', '"', 'ok', 'true', 'error', 'target', '1i', '1', 'é', '\ud800'],
    );
    const near = fc.array(part).map((parts) => parts.join(''));
    const whole = fc.constantFrom(
      'dns ok=true 1',
      'dns,target=a\\ b ok=true 2',
      'dns error="é \\" x" 3',
      ...lines,
    );
    const line = fc
      .oneof(
        near,
        whole,
        fc.tuple(whole, near).map(([whole, near]) => whole.slice(0, -1) + near),
      )
      .filter((line) => line !== '' && !line.startsWith('#'));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const batch = decoded(encodeBatch({ ...header, to: header.from + lines.length - 1 }, lines, false));
        const alone = lines.map((line) => decodeLine(line));
        const plain = ({ key, measurement, tags, fields, time }: DecodedSample) => [
          key,
          measurement,
          tags,
          fields,
          time,
        ];
        expect(batch.samples.map(plain)).toEqual(
          alone.flatMap((one) => ('reason' in one ? [] : [plain(one)])),
        );
        expect(batch.rejected.map(({ reason }) => reason)).toEqual(
          alone.flatMap((one) => ('reason' in one ? one.reason : [])),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('B-7: payloads over the limit are refused unread', () => {
    expect(refusal(Buffer.alloc(limits.payloadBytes + 1, 'x'))).toContain('is over 262144');
  });

  it('B-7: nothing inflates beyond the limit', () => {
    const comment = `#${'x'.repeat(999)}\n`;
    const text = `${head}\n${comment.repeat(limits.inflatedBytes / 1000)}`;
    expect(refusal(deflateSync(text))).toContain('broken zlib stream: Cannot create a Buffer larger than');
  });

  it('B-8: more samples than the limit are refused', () => {
    const header = { outbox: 'k3j9x0q2m8aa', from: 1, to: limits.samples + 1, oldest: 1 };
    const many = Array<string>(limits.samples + 1).fill('dns ok=true 1');
    expect(refusal(encodeBatch(header, many, false))).toContain('more than 20000 samples');
    expect(
      decoded(encodeBatch({ ...header, to: limits.samples }, many.slice(1), false)).samples,
    ).toHaveLength(limits.samples);
  });

  it('B-10: text is taken as it is, zlib streams of any window and level inflated', () => {
    const text = `${head}\n${lines.join('\n')}\n`;
    expect(decoded(Buffer.from(text))).toMatchObject(header);
    for (const windowBits of [9, 12, 15])
      for (const level of [0, 1, 9])
        expect(decoded(deflateSync(text, { windowBits, level }))).toMatchObject(header);
  });

  it('B-10: other compressions are refused', () => {
    const text = `${head}\n${lines.join('\n')}\n`;
    expect(refusal(gzipSync(text))).toBe('neither text nor a zlib stream');
    expect(refusal(deflateRawSync(text))).not.toBe('accepted');
    const cut = deflateSync(text).subarray(0, -6);
    expect(refusal(cut)).toContain('broken zlib stream');
    const unfinished = deflateSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
    expect(refusal(unfinished)).toContain('broken zlib stream');
  });

  it('L-6: bytes that are not UTF-8 are read as U+FFFD', () => {
    const text = Buffer.from('# tongtang outbox=k3j9x0q2m8aa seq=1-1 oldest=1\ndns error="?" 1\n');
    text[text.indexOf('?')] = 0xff;
    expect(decoded(text).samples[0]?.fields).toEqual({ error: '\ufffd' });
  });

  it('keeps no more of a batch in memory than the lines that are kept', () => {
    // V8 lets a part of a text hold all of it; the fleet keeps single samples of thousands of agents.
    const lines = Array.from({ length: 9000 }, (_, at) => `dns error="${'x'.repeat(400)}" ${at}`);
    const from = { outbox: 'k3j9x0q2m8aa', from: 1, to: 9000, oldest: 1 };
    const payload = encodeBatch(from, lines, false);
    const kept: unknown[] = [];
    const before = heapUsed();
    for (let round = 0; round < 8; round += 1) kept.push(decoded(payload).samples[4500]);
    expect(kept).toHaveLength(8);
    expect(heapUsed() - before).toBeLessThan(6 * 1024 * 1024);
  });
});

describe('preset dictionary', () => {
  it('D-1: is named by the DICTID of the stream', () => {
    const payload = encodeBatch(header, lines, true);
    expect(payload.toString('hex', 2, 6)).toBe(dictionaryId);
    expect(dictionaryId).toMatch(/^[0-9a-f]{8}$/);
    expect(decoded(payload)).toMatchObject(header);
  });

  it('D-2: holds every name of the catalogue as a line writes it', () => {
    const text = dictionary.toString();
    for (const start of ['stamp,link=', 'host cpu_ratio=', 'interface,interface=', ',rtt_ms=', ',days_left='])
      expect(text).toContain(start);
  });

  it('D-3: is not used unless asked for', () => {
    const payload = encodeBatch(header, lines, false);
    expect((payload[1] ?? 0) & 0x20).toBe(0);
  });

  it('D-4: another one is refused by its name', () => {
    const other = deflateSync('# x', { dictionary: Buffer.from('another') });
    expect(refusal(other)).toBe(`unknown dictionary ${other.toString('hex', 2, 6)}`);
  });

  it.each([
    [1, 190],
    [6, 85],
    [30, 65],
  ])('keeps %d reports of 31 fields to %d bytes each', (reports, bytes) => {
    const source = new Reports(1);
    let total = 0;
    for (let batch = 0; batch < 20; batch += 1) {
      const lines = Array.from({ length: reports }, () => source.next()).flat();
      total += encodeBatch({ ...header, to: 100 + lines.length }, lines, true).length;
    }
    expect(total / 20 / reports).toBeLessThan(bytes);
  });
});

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
