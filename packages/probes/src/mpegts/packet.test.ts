import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { hasPts, isSamePacket, pcrModulus, pcrStep, readPcr } from './packet.ts';
import { packet, pesWithPts } from './packets.fixture.ts';

it('CRC-32/MPEG-2 has the check value of its definition', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0x0376e6e7);
});

describe('a PCR', () => {
  it('is read with all its 42 bits', () => {
    expect(readPcr(Buffer.from('91a2b3c4feab', 'hex'), 0)).toBe(0x1_2345_6789 * 300 + 0xab);
  });

  it('is read as it was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: pcrModulus - 1 }), (pcr) => {
        expect(readPcr(packet({ pid: 1, counter: 0, pcr }), 6)).toBe(pcr);
      }),
    );
  });

  it('goes on over its wrap, and may go back', () => {
    expect(pcrStep(pcrModulus - 27_000, 0)).toBe(27_000);
    expect(pcrStep(2_576_980_350_600, 0)).toBe(27_000);
    expect(pcrStep(27_000, 0)).toBe(-27_000);
  });
});

describe('a PES packet', () => {
  const pes = pesWithPts(0xe0);
  it('has a PTS where its flags say so and it reaches that far', () => {
    expect(hasPts(pes, 0, pes.length)).toBe(true);
    expect(hasPts(pes, 0, 13)).toBe(false);
    const without = Buffer.from(pes);
    without[7] = 0;
    expect(hasPts(without, 0, without.length)).toBe(false);
    const inside = Buffer.from(pes);
    inside[2] = 2;
    expect(hasPts(inside, 0, inside.length)).toBe(false);
  });
});

describe('a packet that is sent twice', () => {
  const payload = Buffer.alloc(100, 1);
  const first = packet({ pid: 1, counter: 3, pcr: 1000, payload });
  it('may have another PCR, and nothing else', () => {
    const second = packet({ pid: 1, counter: 3, pcr: 27_000, payload });
    expect(isSamePacket(first, 0, second, 0)).toBe(true);
    second[187] = 2;
    expect(isSamePacket(first, 0, second, 0)).toBe(false);
  });

  it('is compared to its last octet where it has no PCR', () => {
    const plain = packet({ pid: 1, counter: 3, payload });
    const other = Buffer.from(plain);
    other[8] = 0;
    expect(isSamePacket(plain, 0, other, 0)).toBe(false);
  });
});
