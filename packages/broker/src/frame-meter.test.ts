import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameMeter } from './frame-meter.ts';

const wide = { perSecond: 1e9, burst: 1e9 };

/** A PUBLISH fixed header with its remaining length, and that many bytes. */
function packet(length: number): Buffer {
  const header = [0x30];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    header.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('frame meter', () => {
  it('lets packets within the limit through, wherever the network cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 50 }),
        (lengths, sizes) => {
          const packets = { perSecond: 0, burst: lengths.length };
          const meter = new FrameMeter({ packetBytes: 1000, packets, bytes: wide }, 0);
          const results = cut(Buffer.concat(lengths.map(packet)), sizes).map((chunk) => meter.take(chunk, 0));
          expect(results.every((result) => result === undefined)).toBe(true);
          // Exactly the packets were counted: one more is one too many.
          expect(meter.take(packet(0), 0)).toBe('rate');
        },
      ),
    );
  });

  it('refuses a packet that is too large when it has read no more than its length', () => {
    const meter = new FrameMeter({ packetBytes: 1000, packets: wide, bytes: wide }, 0);
    expect(meter.take(packet(10_000_000).subarray(0, 5), 0)).toBe('size');
  });

  it('refuses a length of more than four bytes', () => {
    const meter = new FrameMeter({ packetBytes: 1e12, packets: wide, bytes: wide }, 0);
    expect(meter.take(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]), 0)).toBe('protocol');
  });

  it('refuses more bytes than the rate allows, and forgives after a rest', () => {
    const meter = new FrameMeter(
      { packetBytes: 1000, packets: wide, bytes: { perSecond: 100, burst: 200 } },
      0,
    );
    expect(meter.take(packet(150), 0)).toBeUndefined();
    expect(meter.take(packet(150), 100)).toBe('rate');
    expect(meter.take(packet(150), 1200)).toBeUndefined();
  });

  it('can be told to accept less for a while', () => {
    const meter = new FrameMeter({ packetBytes: 1000, packets: wide, bytes: wide }, 0);
    expect(meter.take(packet(900), 0)).toBeUndefined();
    expect(meter.take(packet(900), 0, 100)).toBe('size');
  });
});
