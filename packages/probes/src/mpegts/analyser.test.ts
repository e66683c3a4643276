import { describe, expect, it } from 'vitest';
import { Analyser } from './analyser.ts';
import { pcrModulus } from './packet.ts';
import {
  nullPacket,
  packet,
  patSection,
  pesWithPts,
  pmtSection,
  section,
  sectionPackets,
  TestProgramme,
} from './packets.fixture.ts';
import { mostProgrammes } from './programmes.ts';

/** Packets that arrive a millisecond apart. */
function passed(packets: readonly Buffer[], analyser = new Analyser('arrival'), fromMs = 0) {
  for (const [index, octets] of packets.entries()) analyser.packet(octets, 0, fromMs + index);
  return analyser;
}

const clean = {
  counts: { continuityErrors: 0, transportErrors: 0, crcErrors: 0, catErrors: 0, malformed: 0 },
  programmes: { patErrors: 0, pmtErrors: 0, pidErrors: 0, missingPids: 0 },
  clocks: { repetitionErrors: 0, discontinuityErrors: 0 },
  pts: { errors: 0 },
};

describe('a stream as it should be', () => {
  it('has no errors, and intervals as it was made', () => {
    const report = passed(new TestProgramme().next(10_000)).read();
    expect(report).toMatchObject({
      ...clean,
      programmes: { ...clean.programmes, patLongestMs: 100, pmtLongestMs: 100, programmes: 1, described: 1 },
      clocks: { ...clean.clocks, longestMs: 20, sparse: 0, accuracyErrors: 0 },
      pts: { errors: 0, longestMs: 20 },
    });
    expect(report.counts).toMatchObject({ packets: 10_000, nullPackets: 1000 });
    expect(report.clocks.jitterMs).toBeCloseTo(0, 6);
    expect(report.clocks.accuracyNs).toBeCloseTo(0, 1);
  });

  it('has none when its clocks wrap, after 26.5 hours', () => {
    const report = passed(new TestProgramme(undefined, pcrModulus - 5000 * 27_000).next(10_000)).read();
    expect(report).toMatchObject(clean);
    expect(report.clocks.spreadMs).toBeCloseTo(0, 6);
  });

  it('is measured interval by interval: what one told the next does not tell again', () => {
    const programme = new TestProgramme();
    const analyser = passed(programme.next(1000).toSpliced(500, 1));
    expect(analyser.read().counts.continuityErrors).toBe(1);
    passed(programme.next(1000), analyser, 999);
    expect(analyser.read()).toMatchObject({ ...clean, counts: { ...clean.counts, packets: 1000 } });
  });
});

describe('priority 1 of TR 101 290', () => {
  const without = (pid: number, from: number, to: number) =>
    new TestProgramme()
      .next(12_000)
      .map((octets, ms) => (ms >= from && ms < to && pidOf(octets) === pid ? nullPacket() : octets));

  it('1.3.a: a PAT that is away for more than 0.5 s', () => {
    expect(passed(without(0, 1000, 1400)).read().programmes).toMatchObject({
      patErrors: 0,
      patLongestMs: 500,
    });
    expect(passed(without(0, 1000, 1500)).read().programmes).toMatchObject({
      patErrors: 1,
      patLongestMs: 600,
    });
  });

  it('1.3.a: one that never comes, in each interval', () => {
    const analyser = new Analyser('arrival');
    for (const fromMs of [0, 1000]) {
      passed(Array.from({ length: 1000 }, nullPacket), analyser, fromMs);
      expect(analyser.read().programmes).toMatchObject({ patErrors: 1, programmes: undefined });
    }
  });

  it('1.3.a: another table on its PID, and a PAT that is scrambled', () => {
    const [other, [pat]] = [
      sectionPackets(0, 0, [section(0x42, Buffer.alloc(20))]),
      sectionPackets(0, 1, [patSection([[1, 0x100]])]),
    ];
    pat?.writeUInt8(0x80 | (pat[3] ?? 0), 3);
    expect(passed([...other, ...(pat === undefined ? [] : [pat])]).read().programmes.patErrors).toBe(2);
  });

  it('1.4: tells pictures from sound, and which PID is worst', () => {
    const stream = new TestProgramme().next(2000);
    const lost = stream.filter(
      (octets, ms) => ms < 1000 || !(ms % 100 === 45 || (ms % 400 === 3 && pidOf(octets) === 0x102)),
    );
    const { counts, pids } = passed(lost).read();
    expect(counts).toMatchObject({ continuityErrors: 12, videoErrors: 10, audioErrors: 2, missing: 12 });
    expect(pids.find(({ pid }) => pid === 0x101)?.errors).toBe(10);
  });

  it('1.5.a: a PMT that is away for more than 0.5 s', () => {
    expect(passed(without(0x100, 1000, 1500)).read().programmes).toMatchObject({
      pmtErrors: 1,
      pmtLongestMs: 600,
    });
  });

  it('1.6: sound that is away for more than 5 s, whether it comes back or not', () => {
    expect(passed(without(0x102, 1000, 5900)).read().programmes).toMatchObject({
      pidErrors: 0,
      missingPids: 0,
    });
    expect(passed(without(0x102, 1000, 6100)).read().programmes).toMatchObject({
      pidErrors: 1,
      missingPids: 0,
    });
    expect(passed(without(0x102, 1000, 12_000)).read().programmes).toMatchObject({
      pidErrors: 1,
      missingPids: 1,
    });
  });
});

describe('priority 2 of TR 101 290', () => {
  it('2.1: a packet that is marked as damaged is believed in nothing else', () => {
    const stream = new TestProgramme().next(1000);
    const damaged = stream.map((octets, ms) => (ms === 502 ? marked(octets) : octets));
    const { counts, clocks } = passed(damaged).read();
    // Of its PID it is missing: one continuity error, and one PCR less.
    expect(counts).toMatchObject({ transportErrors: 1, continuityErrors: 1 });
    expect(clocks.longestMs).toBe(40);
  });

  it('2.2: a table with a wrong checksum is no table', () => {
    const [pat] = sectionPackets(0, 0, [patSection([[1, 0x100]])]);
    pat?.writeUInt8(0x33, 14);
    const report = passed(pat === undefined ? [] : [pat]).read();
    expect(report.counts.crcErrors).toBe(1);
    expect(report.programmes.programmes).toBeUndefined();
  });

  it('2.3, 2.5: PCRs and PTSs that are away', () => {
    const stream = new TestProgramme().next(3000);
    const thinned = stream.filter((octets, ms) => ms < 1000 || ms >= 1800 || pidOf(octets) !== 0x101);
    // A millisecond each: what is left out takes no time here, so time is given by hand.
    const analyser = new Analyser('arrival');
    for (const octets of thinned) analyser.packet(octets, 0, stream.indexOf(octets));
    const { clocks, pts } = analyser.read();
    expect(clocks).toMatchObject({ repetitionErrors: 1, discontinuityErrors: 1, longestMs: 820 });
    expect(pts).toMatchObject({ errors: 1, longestMs: 820 });
  });

  it('2.6: scrambled packets without a CAT; with one they are no error', () => {
    const scrambled = packet({ pid: 0x101, counter: 0, payload: Buffer.alloc(184), scrambled: true });
    expect(passed([scrambled]).read().counts.catErrors).toBe(1);
    const cat = sectionPackets(1, 0, [section(1, [0xff, 0xff, 0xc1, 0, 0])]);
    expect(passed([...cat, scrambled]).read().counts.catErrors).toBe(0);
    expect(passed(sectionPackets(1, 0, [section(2, Buffer.alloc(20))])).read().counts.catErrors).toBe(1);
  });

  it('2.5 rests where packets are scrambled, since their PTSs cannot be seen', () => {
    const stream = new TestProgramme()
      .next(3000)
      .map((octets, ms) => (ms > 1000 && pidOf(octets) > 0x100 ? scrambledCopy(octets) : octets));
    expect(passed(stream).read().pts).toMatchObject({ errors: 0, longestMs: 20 });
  });
});

describe('a stream that changes', () => {
  it('to other PIDs: those that are not named any more are not missed', () => {
    const analyser = passed(new TestProgramme().next(3000));
    const second = new TestProgramme({ pmt: 0x200, video: 0x201, audio: 0x202 }).next(9000);
    // Its PAT has another version, as it must.
    const newPat = patSection([[1, 0x200]], 1);
    const stream = second.map((octets) => (pidOf(octets) === 0 ? withSection(octets, newPat) : octets));
    passed(stream, analyser, 3000);
    const { programmes } = analyser.read();
    expect(programmes).toMatchObject({
      pmtErrors: 0,
      pidErrors: 0,
      missingPids: 0,
      programmes: 1,
      described: 1,
    });
  });

  it('and was away: nothing is compared with what was before, and nothing was missing meanwhile', () => {
    const analyser = passed(new TestProgramme().next(3000));
    analyser.interrupt(60_000);
    passed(new TestProgramme(undefined, 123_456_789).next(3005).slice(5), analyser, 60_000);
    expect(analyser.read()).toMatchObject(clean);
  });
});

describe('many programmes', () => {
  const programmes = Array.from({ length: 100 }, (_, index) => [index + 1, 0x100 + index] as const);

  it('are all counted; those beyond the watched ones are said, and miss no tables', () => {
    const analyser = new Analyser('arrival');
    const pmts = programmes.map(([number, pid]) =>
      sectionPackets(pid, 0, [pmtSection(number, 0x1000 + number, [])]),
    );
    const stream = [...sectionPackets(0, 0, [patSection(programmes)]), ...pmts.flat()];
    expect(passed(stream, analyser).read().programmes).toMatchObject({
      programmes: 100,
      described: mostProgrammes,
      unwatchedProgrammes: 100 - mostProgrammes,
      pmtErrors: 0,
    });
  });

  it('may stand in several sections of the PAT', () => {
    const sections = [0, 1].map((part) =>
      patSection(programmes.slice(part * 20, part * 20 + 20), 3, [part, 1]),
    );
    const stream = [0, 1, 2].flatMap((round) =>
      sections.flatMap((octets, part) => sectionPackets(0, round * 2 + part, [octets])),
    );
    expect(passed(stream).read().programmes).toMatchObject({ programmes: 40, unwatchedProgrammes: 0 });
  });
});

describe('an adaptation field that lies about its length', () => {
  it.each([
    ['longer than the packet', 0x31, 200],
    ['of a packet without payload, shorter than it', 0x21, 10],
    ['too short for the PCR that it claims', 0x31, 3],
  ])('%s is counted, and not read', (_, third, length) => {
    const octets = packet({ pid: 0x101, counter: 1, pcr: 5, payload: pesWithPts(0xe0).subarray(0, 100) });
    octets[3] = third;
    octets[4] = length;
    const { counts, clocks } = passed([octets]).read();
    expect(counts.malformed).toBe(1);
    expect(clocks.longestMs).toBeUndefined();
  });
});

function pidOf(octets: Buffer): number {
  return octets.readUInt16BE(1) & 0x1fff;
}

function marked(octets: Buffer): Buffer {
  const copy = Buffer.from(octets);
  copy.writeUInt8(copy.readUInt8(1) | 0x80, 1);
  return copy;
}

function scrambledCopy(octets: Buffer): Buffer {
  const copy = Buffer.from(octets);
  copy.writeUInt8(copy.readUInt8(3) | 0x80, 3);
  return copy;
}

function withSection(octets: Buffer, other: Buffer): Buffer {
  const copy = Buffer.from(octets);
  other.copy(copy, 5);
  return copy;
}
