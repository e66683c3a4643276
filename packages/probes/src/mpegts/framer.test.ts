import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framer } from './framer.ts';
import { TestProgramme } from './packets.fixture.ts';

const packets = new TestProgramme().next(60);

function framed(chunks: readonly Buffer[]) {
  const found: string[] = [];
  const framer = new Framer((bytes, at) => found.push(bytes.toString('hex', at, at + 188)));
  for (const chunk of chunks) framer.push(chunk, 0);
  const { syncLosses, syncByteErrors } = framer;
  return { found, syncLosses, syncByteErrors };
}

const hex = (wanted: readonly Buffer[]) => wanted.map((octets) => octets.toString('hex'));
const parity = Buffer.alloc(16, 0x55);
const withParity = (wanted: readonly Buffer[]) => wanted.flatMap((octets) => [octets, parity]);
/** Without a sync byte in it. */
const rubbish = (length: number) => Buffer.alloc(length, 0x11);

function cut(octets: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(octets.subarray(at, at + length));
    at += length;
  }
  return [...chunks, octets.subarray(at)];
}

describe('packets in a run of octets', () => {
  it.each([
    ['188', packets],
    ['204', withParity(packets)],
  ])('of %s octets are found, behind rubbish and however they are cut', (_, octets) => {
    const lengths = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), lengths, (before, lengths) => {
        const all = Buffer.concat([rubbish(before), ...octets]);
        expect(framed(cut(all, lengths))).toEqual({ found: hex(packets), syncLosses: 0, syncByteErrors: 0 });
      }),
    );
  });

  it('survive one bad sync byte, which costs one packet', () => {
    const damaged = packets.map((octets) => Buffer.from(octets));
    damaged[20]?.writeUInt8(0, 0);
    expect(framed([Buffer.concat(damaged)])).toEqual({
      found: hex(packets.toSpliced(20, 1)),
      syncLosses: 0,
      syncByteErrors: 1,
    });
  });

  it('are found again behind rubbish in their midst: two bad sync bytes lose, five good ones win', () => {
    const all = Buffer.concat([...packets.slice(0, 20), rubbish(1000), ...packets.slice(20)]);
    expect(framed([all])).toEqual({ found: hex(packets), syncLosses: 1, syncByteErrors: 2 });
  });

  it('are found when a few octets are missing; only the packet without them is another', () => {
    const all = Buffer.concat(packets);
    const { found, syncLosses } = framed([Buffer.concat([all.subarray(0, 1000), all.subarray(1050)])]);
    expect(syncLosses).toBe(1);
    expect(found.slice(-53)).toEqual(hex(packets.slice(-53)));
  });

  it('may change from 188 to 204 octets and back', () => {
    const all = Buffer.concat([...packets, ...withParity(packets), ...packets]);
    const { found, syncLosses } = framed([all]);
    expect(syncLosses).toBe(2);
    expect(found).toHaveLength(3 * packets.length);
  });

  it('are not seen in what has none, and little of it is kept', () => {
    const framer = new Framer(() => {
      throw new Error('a packet');
    });
    for (let count = 0; count < 100; count += 1) framer.push(Buffer.alloc(10_000, 0x46), 0);
    expect(framer.syncLosses).toBe(0);
  });
});

describe('a chunk that is said to begin with a packet', () => {
  it('is in sync at once, and what was left over in front of it is told', () => {
    const found: string[] = [];
    const framer = new Framer((bytes, at) => found.push(bytes.toString('hex', at, at + 188)));
    expect(framer.align(188)).toBe(false);
    framer.push(Buffer.concat([...packets.slice(0, 1), rubbish(50)]), 0);
    expect(framer.align(188)).toBe(true);
    framer.push(packets[1] ?? rubbish(0), 0);
    expect(found).toEqual(hex(packets.slice(0, 2)));
  });
});
