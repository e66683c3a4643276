import { describe, expect, it } from 'vitest';
import { datagrams, rtpPacket, TestProgramme } from './packets.fixture.ts';
import { streamResult } from './result.ts';
import { StreamMeter } from './stream.ts';

/** Seven packets of a millisecond each. */
const periodMs = 7;

/** A stream of so many milliseconds, in datagrams. */
function stream(ms: number, programme = new TestProgramme()): Buffer[] {
  return datagrams(programme.next(ms));
}

function overRtp(payloads: readonly Buffer[], first = 65_500): Buffer[] {
  return payloads.map((payload, index) => rtpPacket(first + index, payload));
}

/** Hands datagrams over as they would come. */
function heard(all: readonly Buffer[], meter = new StreamMeter(0), fromMs = 0) {
  for (const [index, datagram] of all.entries()) meter.datagram(datagram, fromMs + index * periodMs);
  return meter.read(fromMs + all.length * periodMs);
}

const clean = {
  malformed: 0,
  ignored: 0,
  duplicates: 0,
  syncLosses: 0,
  absentMs: 0,
  packets: { counts: { continuityErrors: 0 }, clocks: { discontinuityErrors: 0, repetitionErrors: 0 } },
};

describe('a stream over UDP', () => {
  it('is measured as it was sent', () => {
    const report = heard(stream(7000));
    expect(report).toMatchObject({ ...clean, intervalMs: 7000, datagrams: 1000 });
    expect(report.rtp).toBeUndefined();
    expect(streamResult(report, 0)).toMatchObject({
      ok: true,
      fields: { stream_bit_s: 1_504_000, loss_ratio: 0, null_ratio: 0.1, dropped_datagrams: 0 },
    });
  });

  it('may have packets of 204 octets, from one moment to the next', () => {
    const programme = new TestProgramme();
    const plain = datagrams(programme.next(700));
    const long = datagrams(
      programme.next(700).map((octets) => Buffer.concat([octets, Buffer.alloc(16, 0x47)])),
    );
    expect(heard([...plain, ...long])).toMatchObject({
      ...clean,
      packets: { counts: { packets: 1400, continuityErrors: 0 } },
    });
  });

  it('may be cut anywhere, which is told', () => {
    const all = Buffer.concat(stream(7000));
    const parts = Array.from({ length: Math.ceil(all.length / 1400) }, (_, index) =>
      all.subarray(index * 1400, (index + 1) * 1400),
    );
    const report = heard(parts);
    expect(report.packets.counts).toMatchObject({ packets: 7000, continuityErrors: 0 });
    expect(report.malformed).toBeGreaterThan(900);
  });

  it('in which a datagram is cut short is in order again with the next', () => {
    const all = stream(700);
    const short = all.map((datagram, index) => (index === 50 ? datagram.subarray(0, 500) : datagram));
    const report = heard(short);
    expect(report).toMatchObject({ malformed: 2, syncLosses: 0 });
    expect(report.packets.counts.packets).toBe(700 - 5);
  });

  it('whose datagrams come twice has duplicates, and no errors', () => {
    const twice = stream(7000).flatMap((datagram) => [datagram, Buffer.from(datagram)]);
    expect(heard(twice)).toMatchObject({
      duplicates: 1000,
      packets: { counts: { packets: 7000, continuityErrors: 0 } },
    });
    const late = stream(7000);
    for (let index = late.length - 20; index > 0; index -= 1) {
      const copy = late[index];
      if (copy !== undefined && index % 3 === 0) late.splice(index + 10, 0, Buffer.from(copy));
    }
    const report = heard(late);
    expect(report.packets.counts).toMatchObject({ packets: 7000, continuityErrors: 0 });
    expect(report.duplicates).toBe(late.length - 1000);
  });

  it('that repeats itself in order is no duplicate: its counters go on', () => {
    const [datagram = Buffer.alloc(0)] = datagrams(
      Array.from({ length: 16 }, (_, counter) => sameContent(counter)),
      16,
    );
    const report = heard(Array.from({ length: 100 }, () => Buffer.from(datagram)));
    expect(report).toMatchObject({
      duplicates: 0,
      packets: { counts: { packets: 1600, continuityErrors: 0 } },
    });
  });
});

describe('a stream over RTP', () => {
  it('is measured as it was sent, whatever the type that was agreed on', () => {
    const sent = stream(7000);
    expect(heard(overRtp(sent))).toMatchObject({ ...clean, rtp: { received: 1000, lost: 0, reordered: 0 } });
    const dynamic = sent.map((payload, index) => rtpPacket(index, payload, { type: 97 }));
    expect(heard(dynamic)).toMatchObject({ ...clean, rtp: { received: 1000, lost: 0 } });
  });

  it('has no errors where packets overtook each other', () => {
    const swapped = overRtp(stream(7000));
    for (let index = 10; index < swapped.length - 10; index += 10)
      swapped.splice(index + 3, 0, ...swapped.splice(index, 1));
    expect(heard(swapped)).toMatchObject({ ...clean, rtp: { lost: 0, reordered: 98 } });
  });

  it('has lost what was lost', () => {
    const left = overRtp(stream(7000)).filter((_, index) => index % 100 !== 50);
    const report = heard(left);
    expect(report.rtp).toEqual({ received: 990, lost: 10, reordered: 0 });
    expect(report.packets.counts.continuityErrors).toBeGreaterThanOrEqual(10);
    expect(streamResult(report, 0).fields?.loss_ratio).toBeCloseTo(0.01, 9);
  });

  it('leaves forward error correction out, on the same port and with numbers of its own', () => {
    const sent = overRtp(stream(7000)).flatMap((media, index) => [
      media,
      ...(index % 10 === 9 ? [rtpPacket(index, Buffer.alloc(1332, 0x47), { type: 96, ssrc: 0 })] : []),
    ]);
    expect(heard(sent)).toMatchObject({ ...clean, ignored: 100, rtp: { received: 1000, lost: 0 } });
  });

  it('goes on with a sender that takes the place of another; a second one beside it is left out', () => {
    const first = overRtp(stream(700));
    const second = stream(700).map((payload, index) => rtpPacket(index + 40_000, payload, { ssrc: 99 }));
    const both = first.flatMap((media, index) => [media, second[index] ?? media]);
    expect(heard(both)).toMatchObject({ ...clean, ignored: 100, rtp: { received: 100, lost: 0 } });
    const meter = new StreamMeter(0);
    heard(first, meter);
    expect(heard(second, meter, 2000)).toMatchObject({
      rtp: { received: 100, lost: 0 },
      packets: clean.packets,
    });
  });

  it('whose headers lie is malformed', () => {
    const sent = overRtp(stream(700));
    const lying = sent.map((datagram, index) => {
      const copy = Buffer.from(datagram);
      if (index === 20) copy[0] = 0xb0;
      if (index === 20) copy[copy.length - 1] = 255;
      return index === 30 ? copy.subarray(0, 11) : copy;
    });
    expect(heard(lying).malformed).toBeGreaterThanOrEqual(1);
    expect(heard(lying).rtp?.lost).toBeGreaterThanOrEqual(1);
  });
});

describe('a stream that is away', () => {
  it('for a while is told by its seconds, not by errors of its packets', () => {
    const meter = new StreamMeter(0);
    const programme = new TestProgramme();
    heard(stream(7000, programme), meter);
    programme.next(3000);
    const report = heard(stream(6993, programme), meter, 10_000);
    expect(report).toMatchObject({ ...clean, absentMs: 3007, intervalMs: 9993 });
    expect(streamResult(report, 0).fields?.loss_ratio).toBeCloseTo(0.3009, 3);
  });

  it('from the beginning, or over several intervals, is away all the time', () => {
    const meter = new StreamMeter(0);
    expect(streamResult(meter.read(10_000), 0)).toMatchObject({
      ok: false,
      source: 'path',
      error: 'no stream',
      fields: { interval_s: 10, absent_s: 10, loss_ratio: 1 },
    });
    expect(meter.read(20_000).absentMs).toBe(10_000);
    const back = heard(stream(700), meter, 25_000);
    expect(back).toMatchObject({ ...clean, absentMs: 5000 });
  });

  it('for less than a second is told by its errors', () => {
    const meter = new StreamMeter(0);
    const programme = new TestProgramme();
    heard(stream(7000, programme), meter);
    programme.next(903);
    const report = heard(stream(700, programme), meter, 7903);
    expect(report.absentMs).toBe(0);
    expect(report.packets.counts.continuityErrors).toBeGreaterThan(0);
  });
});

describe('what is no stream', () => {
  it('is the fault of who sends it', () => {
    const report = heard(Array.from({ length: 100 }, () => Buffer.alloc(100, 0x20)));
    expect(streamResult(report, 0)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'no transport stream',
    });
  });

  it('as well as a stream without a PAT, unless packets are missing', () => {
    const noPat = new TestProgramme().next(7000).filter((octets) => (octets.readUInt16BE(1) & 0x1fff) !== 0);
    expect(streamResult(heard(datagrams(noPat)), 0)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'no PAT',
    });
    const lost = datagrams(noPat).filter((_, index) => index % 5 !== 0);
    expect(streamResult(heard(lost), 0)).toMatchObject({ ok: false, source: 'path', error: 'no PAT' });
  });

  it('tells nothing of the path where this machine dropped it', () => {
    const lost = stream(7000).filter((_, index) => index % 5 !== 0);
    const { fields } = streamResult(heard(lost), 200);
    expect(fields).toMatchObject({ dropped_datagrams: 200 });
    expect(fields).not.toHaveProperty('loss_ratio');
  });
});

function sameContent(counter: number): Buffer {
  const octets = Buffer.alloc(188, 0x11);
  octets.set([0x47, 0x01, 0x01, 0x10 | counter]);
  return octets;
}
