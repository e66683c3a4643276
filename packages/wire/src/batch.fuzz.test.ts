import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDeflate, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch, limits } from './batch.ts';
import { dictionary } from './dictionary.ts';
import { generator, Reports } from './report.fixture.ts';

const runs = 200_000;
/** Another run, other inputs; a failure names the seed that brings it back: `FUZZ_SEED=… vitest`. */
const seed = Number(process.env.FUZZ_SEED ?? 20_260_801);

const random = generator(seed);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <T>(from: readonly T[]): T | undefined => from[below(from.length)];
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => below(256)));

/** Good batches, as text and as streams with and without the dictionary. */
const batches: readonly Buffer[] = Array.from({ length: 60 }, (_, index) => {
  const source = new Reports(seed + index);
  const lines = Array.from({ length: 1 + (index % 4) }, () => source.next()).flat();
  const header = { outbox: 'k3j9x0q2m8aa', from: 1 + index, to: index + lines.length, oldest: 1 };
  const payload = encodeBatch(header, lines, index % 3 === 0);
  return index % 3 === 2 ? Buffer.from(`${lineOf(header)}\n${lines.join('\n')}\n`) : payload;
});

function lineOf({ from, to }: { from: number; to: number }): string {
  return `# tongtang outbox=k3j9x0q2m8aa seq=${from}-${to} oldest=1`;
}

const any = () => pick(batches) ?? Buffer.alloc(0);

/** Each makes one input from good ones and chance. */
const mutations: Readonly<Record<string, () => Buffer>> = {
  'random bytes': () => noise(below(300)),
  'random bytes behind a zlib header': () => Buffer.concat([Buffer.from([0x78, 0xda]), noise(below(300))]),
  'random bytes behind our dictionary': () => Buffer.concat([any().subarray(0, 6), noise(below(300))]),
  'zlib of random bytes': () => deflateSync(noise(below(300)), { level: 1 }),
  'zlib of random text': () => deflateSync(randomText(), { level: 1, ...(below(2) === 0 && { dictionary }) }),
  'random text': () => Buffer.from(randomText()),
  'cut off': () => any().subarray(0, below(any().length)),
  'cut in front': () => any().subarray(below(20)),
  'bits flipped': () => flipped(Buffer.from(any())),
  'bytes replaced': () => replaced(Buffer.from(any())),
  'one spliced to another': () => Buffer.concat([part(any()), part(any())]),
  'text damaged, then compressed': () => deflateSync(replaced(Buffer.from(batches[2] ?? '')), { level: 1 }),
  'followed by another': () => Buffer.concat([any(), any()]),
};

function randomText(): string {
  const words = [
    lineOf({ from: 1, to: 2 }),
    '\n',
    'dns',
    ' ',
    ',',
    '=',
    '"',
    '\\',
    'ok=true',
    '1',
    'i',
    '\0',
    'é',
  ];
  return Array.from({ length: below(40) }, () => pick(words)).join('');
}

function flipped(bytes: Buffer): Buffer {
  for (let count = 1 + below(4); count > 0; count -= 1) {
    const at = below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  }
  return bytes;
}

function replaced(bytes: Buffer): Buffer {
  const interesting = [0, 10, 13, 32, 34, 35, 44, 61, 92, 255];
  for (let count = 1 + below(6); count > 0; count -= 1)
    bytes[below(bytes.length)] = pick(interesting) ?? below(256);
  return bytes;
}

function part(bytes: Buffer): Buffer {
  const from = below(bytes.length);
  return bytes.subarray(from, from + below(bytes.length - from) + 1);
}

/** Memory outside of JavaScript's heap, and the process's own, in MB. */
function memory(): { buffers: number; resident: number } {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { arrayBuffers, rss } = process.memoryUsage();
  return { buffers: arrayBuffers / 1e6, resident: rss / 1e6 };
}

describe(`decodeBatch under fuzzing, seed ${seed}`, () => {
  it(`B-9: ${runs} random and mutated inputs: nothing is thrown, nothing hangs, memory stays`, async () => {
    const kinds = Object.entries(mutations);
    let accepted = 0;
    let slowestMs = 0;
    const before = memory();
    for (let run = 0; run < runs; run += 1) {
      const [kind, make] = kinds[run % kinds.length] ?? ['', () => Buffer.alloc(0)];
      const input = make();
      const start = performance.now();
      try {
        const batch = decodeBatch(input);
        if (!('reason' in batch)) {
          accepted += 1;
          expect(batch.samples.length + batch.rejected.length).toBe(batch.to - batch.from + 1);
        }
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}, run ${run}, ${kind}: ${input.toString('hex')}`, { cause: error });
      }
      slowestMs = Math.max(slowestMs, performance.now() - start);
      // Node lets go of a stream that failed in the next turn of the loop only, as between two messages of a broker.
      if (run % 100 === 0) await nextTurn();
    }
    await nextTurn();
    const after = memory();
    // Damage that leaves a batch readable is part of it: texts have no check sum.
    expect(accepted).toBeGreaterThan(runs / 100);
    // Generous: the machine may be busy. A quadratic reader would take minutes on its worst input.
    expect(slowestMs).toBeLessThan(2000);
    // Megabytes: when garbage is collected depends on the machine; a leak would be a hundred times as much.
    expect(after.buffers - before.buffers).toBeLessThan(64);
    expect(after.resident - before.resident).toBeLessThan(200);
  }, 120_000);

  it('B-9: the longest inputs that limits allow are read in linear time', () => {
    const size = limits.inflatedBytes - 100;
    const head = `${lineOf({ from: 1, to: 2 })}\n`;
    const worst = [
      '\\',
      '\\"',
      'dns,target=',
      'dns error="',
      '\n',
      '#\n',
      'x\n',
      'dns ok=true 1\n',
      'dns,target=\\,',
      '=',
    ];
    for (const piece of worst) {
      const payload = deflateSync(head + piece.repeat(size / piece.length), { level: 9 });
      const start = performance.now();
      expect(decodeBatch(payload)).toHaveProperty('reason');
      expect(performance.now() - start, piece).toBeLessThan(5000);
    }
  });

  it('B-7: a gigabyte of zeros in one payload is refused with little memory', async () => {
    const bomb = await zerosDeflated(1024);
    expect(bomb.length).toBeGreaterThan(limits.payloadBytes);
    // The broker's limit cuts it anyway; what passes must stop on its own.
    for (const payload of [bomb, bomb.subarray(0, limits.payloadBytes), await nested(bomb)]) {
      const before = memory();
      const start = performance.now();
      expect(decodeBatch(payload)).toHaveProperty('reason');
      const took = performance.now() - start;
      const { arrayBuffers, rss } = process.memoryUsage();
      expect(took).toBeLessThan(2000);
      expect(arrayBuffers / 1e6 - before.buffers).toBeLessThan((2 * limits.inflatedBytes) / 1e6 + 1);
      expect(rss / 1e6 - before.resident).toBeLessThan(40);
    }
  });
});

/** So many MB of zeros as a zlib stream, made piece by piece. */
async function zerosDeflated(megabytes: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 });
  const zeros = Buffer.alloc(1024 * 1024);
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  for (let count = 0; count < megabytes; count += 1)
    await new Promise<void>((done) => deflate.write(zeros, () => done()));
  await new Promise<void>((done) => {
    deflate.once('end', done);
    deflate.end();
  });
  return Buffer.concat(parts);
}

/** A bomb in a stream: what a reader that inflates again and again would fall for. */
async function nested(bomb: Buffer): Promise<Buffer> {
  return deflateSync(bomb, { level: 9 });
}
