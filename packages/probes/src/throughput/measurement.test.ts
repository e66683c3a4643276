import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitRate, minimumRttMs, readMeasurement, receivedOf, retransmitRatio } from './measurement.ts';

/** As a server of M-Lab sends it at the end of a download, with fields that nobody here uses. */
const ofServer = JSON.stringify({
  AppInfo: { NumBytes: 25_165_824, ElapsedTime: 10_012_345 },
  BBRInfo: { BW: 1_269_047_089, MinRTT: 5, PacingGain: 320 },
  ConnectionInfo: { Client: '198.51.100.7:51000', Server: '192.0.2.10:443', UUID: 'x' },
  Origin: 'server',
  Test: 'download',
  TCPInfo: {
    State: 1,
    MaxPacingRate: -1,
    BytesAcked: 26_214_400,
    BytesSent: 27_000_000,
    BytesRetrans: 785_600,
    MinRTT: 588_000,
    RTT: 612_000,
    ElapsedTime: 10_010_000,
  },
});

describe('a measurement message', () => {
  it('says what the sender saw of the path', () => {
    const message = readMeasurement(ofServer) ?? {};
    expect(minimumRttMs(message)).toBe(588);
    expect(retransmitRatio(message)).toBeCloseTo(0.029096, 6);
  });

  it('says what a receiver got, by its TCP where that is told, else by the program', () => {
    const app = { NumBytes: 25_165_824, ElapsedTime: 10_012_345 };
    const rateOf = (message: unknown) => {
      const arrived = receivedOf(readMeasurement(JSON.stringify(message)) ?? {});
      return arrived && bitRate(arrived);
    };
    const tcp = { BytesReceived: 26_214_400, ElapsedTime: 10_010_000 };
    expect(rateOf({ AppInfo: app, TCPInfo: tcp })).toBeCloseTo(20.951e6, -3.5);
    expect(rateOf({ AppInfo: app })).toBeCloseTo(20.108e6, -3.5);
    expect(rateOf({ AppInfo: app, TCPInfo: { BytesReceived: 5 } })).toBeCloseTo(20.108e6, -3.5);
    expect(rateOf({ AppInfo: { NumBytes: 8_388_608, ElapsedTime: 4_200_000 } })).toBeCloseTo(15.98e6, -4.5);
  });

  it('may lack any part', () => {
    for (const text of ['{}', '{"BBRInfo":{"BW":1}}', '{"AppInfo":null,"TCPInfo":{}}', '[]']) {
      const message = readMeasurement(text) ?? {};
      expect([receivedOf(message), minimumRttMs(message), retransmitRatio(message)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(readMeasurement('{"AppInfo":')).toBeUndefined();
    expect(readMeasurement('null')).toBeUndefined();
  });

  it('never gives a figure that is no number, nor a rate below zero, whatever is in it', () => {
    const names = ['NumBytes', 'ElapsedTime', 'BytesReceived', 'BytesSent', 'BytesRetrans', 'MinRTT'];
    const part = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.record({ AppInfo: part, TCPInfo: part }, { requiredKeys: [] }), (drawn) => {
        const message = readMeasurement(JSON.stringify(drawn)) ?? {};
        const arrived = receivedOf(message);
        const figures = [arrived && bitRate(arrived), minimumRttMs(message), retransmitRatio(message)];
        for (const figure of figures)
          if (figure !== undefined) {
            expect(Number.isFinite(figure)).toBe(true);
            expect(figure).toBeGreaterThanOrEqual(0);
          }
        expect(retransmitRatio(message) ?? 0).toBeLessThanOrEqual(1);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readMeasurement(text)));
  });
});
