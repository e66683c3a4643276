import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtcpWith } from './rtcp.fixture.ts';
import { statusInRtcp } from './rtcp.ts';

const idle = 'ver=1.0;src=1;tuner=1,0,0,0,0,,,,,,,;pids=none';

describe('RTCP of a SAT>IP server', () => {
  it('has the status in its application-defined packet', () => {
    const head = Buffer.from('80cc000f00000001534553310000002e', 'hex');
    const datagram = Buffer.concat([head, Buffer.from(idle), Buffer.alloc(2)]);
    expect(statusInRtcp(datagram)).toBe(idle);
    expect(rtcpWith(idle)).toEqual(datagram);
  });

  it('has it behind reports of the sender as well', () => {
    const senderReport = Buffer.alloc(28);
    senderReport.set([0x80, 200, 0, 6]);
    const sourceDescription = Buffer.alloc(12);
    sourceDescription.set([0x81, 202, 0, 2]);
    expect(statusInRtcp(Buffer.concat([senderReport, sourceDescription, rtcpWith(idle)]))).toBe(idle);
  });

  it('is understood with a word too many in its length, as old minisatip writes it', () => {
    const datagram = rtcpWith(idle);
    datagram.writeUInt16BE(datagram.readUInt16BE(2) + 1, 2);
    expect(statusInRtcp(datagram)).toBe(idle);
  });

  it('says nothing where it is cut off, or another application’s', () => {
    expect(statusInRtcp(rtcpWith(idle).subarray(0, 40))).toBeUndefined();
    const other = rtcpWith(idle);
    other.write('QTSS', 8);
    expect(statusInRtcp(other)).toBeUndefined();
  });

  it('carries any string there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 1200 }), (text) => {
        expect(statusInRtcp(rtcpWith(text))).toBe(text);
      }),
    );
  });

  it('may be any octets', () => {
    const word = fc.oneof(fc.constantFrom('80cc0000', '53455331', '80c80001'), fc.constant('0000002e'));
    const datagrams = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(word).map((words) => Uint8Array.from(Buffer.from(words.join(''), 'hex'))),
    );
    fc.assert(
      fc.property(datagrams, (datagram) => {
        expect(statusInRtcp(datagram)?.length ?? 0).toBeLessThanOrEqual(datagram.length);
      }),
    );
  });
});
