import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from './packet.ts';

// Section 10 of the reference.
const S1 = bytes(`00000001 ee40b020 40000000 8f841234 00000000 00000000 00000000 00000000
  00000000 00000000 00000000`);
const R1 = bytes(`00000000 ee40b020 856b11c6 8a801234 ee40b020 856872b0 00000001 ee40b020
  40000000 8f840000 39000000`);
const TW = bytes('00000003 ee40b020 40000000 3fff');
const TWR = bytes(`00000003 ee40b020 856b11c6 8a800000 ee40b020 856872b0 00000003 ee40b020
  40000000 3fff0000 39000000`);

const t1 = 0xee40b020_40000000n;
const t2 = 0xee40b020_856872b0n;
const t3 = 0xee40b020_856b11c6n;
const request1 = { sequence: 1, timestamp: t1, errorEstimate: 0x8f84, ssid: 0x1234 };
const reply1 = {
  sequence: 0,
  timestamp: t3,
  errorEstimate: 0x8a80,
  ssid: 0x1234,
  receiveTimestamp: t2,
  senderSequence: 1,
  senderTimestamp: t1,
  senderErrorEstimate: 0x8f84,
  senderTtl: 57,
};

describe('requests', () => {
  it('are 44 octets as RFC 8762 section 4.2.1 lays them out', () => {
    expect(encodeRequest(request1)).toEqual(S1);
    expect(decodeRequest(S1)).toEqual(request1);
  });

  it('of TWAMP Light are read although they end after 14 octets', () => {
    expect(decodeRequest(TW)).toEqual({ sequence: 3, timestamp: t1, errorEstimate: 0x3fff, ssid: 0 });
    expect(decodeRequest(TW.subarray(0, 13))).toBeUndefined();
  });

  it('come back as they went', () => {
    fc.assert(
      fc.property(arbitraryRequest, fc.uint8Array(), (request, rest) => {
        const packet = encodeRequest(request, Buffer.from(rest));
        expect(packet.length).toBe(44 + rest.length);
        expect(decodeRequest(packet)).toEqual(request);
      }),
    );
  });
});

describe('replies', () => {
  it('are 44 octets as RFC 8762 section 4.3.1 lays them out', () => {
    expect(encodeReply(reply1, Buffer.alloc(0))).toEqual(R1);
    expect(decodeReply(R1)).toEqual(reply1);
  });

  it('to a TWAMP Light request are a full base packet', () => {
    const reply = {
      ...reply1,
      sequence: 3,
      senderSequence: 3,
      ssid: 0,
      senderErrorEstimate: 0x3fff,
    };
    expect(encodeReply(reply, Buffer.alloc(0))).toEqual(TWR);
  });

  it('of TWAMP Light are read although they end after 41 octets', () => {
    expect(decodeReply(R1.subarray(0, 41))).toEqual(reply1);
    expect(decodeReply(R1.subarray(0, 40))).toBeUndefined();
  });

  it('end as the request ends', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (rest) => {
        const packet = encodeReply(reply1, Buffer.from(rest));
        expect(packet.subarray(44)).toEqual(Buffer.from(rest));
        expect(decodeReply(packet)).toEqual(reply1);
      }),
    );
  });
});

it('rubbish of any length is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => {
      const packet = Buffer.from(octets);
      expect(decodeRequest(packet) === undefined).toBe(packet.length < 14);
      expect(decodeReply(packet) === undefined).toBe(packet.length < 41);
    }),
    { numRuns: 1000 },
  );
});

const arbitraryRequest = fc.record({
  sequence: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  errorEstimate: fc.integer({ min: 0, max: 65_535 }),
  ssid: fc.integer({ min: 0, max: 65_535 }),
});

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}
