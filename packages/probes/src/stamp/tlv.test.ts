import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from './packet.ts';
import { decodeDirectMeasurement, encodeDirectMeasurement, reflectTlvs } from './tlv.ts';

const base = octets('00000007 ee40b027 40000000 8f841234'.padEnd(44 * 2 + 3, '0'));
const counts = { received: 6, replied: 7 };

/** Section 10 of the reference: Direct Measurement and Extra Padding. */
const S2 = octets('8005000c 00000007 00000000 00000000 80010008 a5a5a5a5 a5a5a5a5');

describe('Direct Measurement', () => {
  it('is written as RFC 8972 section 4.5 lays it out', () => {
    const request = { sequence: 7, timestamp: 0xee40b027_40000000n, errorEstimate: 0x8f84, ssid: 0x1234 };
    expect(encodeRequest(request, encodeDirectMeasurement(7))).toEqual(
      Buffer.concat([base, S2.subarray(0, 16)]),
    );
  });

  it('comes back with the counts of the reflector, understood TLVs without their flags', () => {
    const reply = reflectTlvs(S2, counts);
    expect(reply).toEqual(octets('0005000c 00000007 00000006 00000007 00010008 a5a5a5a5 a5a5a5a5'));
    expect(decodeDirectMeasurement(reply)).toEqual({ sent: 7, received: 6, replied: 7 });
  });

  it('is not read where the reflector did not understand it', () => {
    expect(decodeDirectMeasurement(S2)).toBeUndefined();
  });

  it('is read behind a TLV that the reflector did not recognise', () => {
    const reply = octets('80f00001 ff 0005000c 00000007 00000006 00000007');
    expect(decodeDirectMeasurement(reply)).toEqual({ sent: 7, received: 6, replied: 7 });
  });

  it.each([
    ['behind a malformed TLV', '40f00001 ff 0005000c 00000007 00000006 00000007'],
    ['where integrity failed', '2005000c 00000007 00000006 00000007'],
    ['of a wrong length', '00050008 00000007 00000006 00000007'],
    ['cut off', '0005000c 00000007 00000006'],
  ])('is not trusted %s', (_, tlvs) => {
    expect(decodeDirectMeasurement(octets(tlvs))).toBeUndefined();
  });
});

describe('a reflector', () => {
  it.each([
    ['marks a type it does not know and goes on', '00f00001 ff 80010000', '80f00001 ff 00010000'],
    ['marks one that runs past the end', '8001000a 01', 'c001000a 01'],
    ['marks a wrong length and stops', '80050004 00000000 80010000', 'c0050004 00000000 80010000'],
    ['marks a header that is cut off', '8001', 'c001'],
  ])('%s', (_, tlvs, expected) => {
    expect(reflectTlvs(octets(tlvs), counts)).toEqual(octets(expected));
  });

  it('survives any octets and keeps the size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (tlvs) => {
        const reply = reflectTlvs(Buffer.from(tlvs), counts);
        decodeDirectMeasurement(reply);
        expect(reply).toHaveLength(tlvs.length);
      }),
      { numRuns: 1000 },
    );
  });
});

function octets(tlvs: string): Buffer {
  return Buffer.from(tlvs.replaceAll(' ', ''), 'hex');
}
