import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { patSection, pmtSection, section } from './packets.fixture.ts';
import { SectionAssembler } from './section.ts';
import { readPat, readPmt } from './tables.ts';

/** Sections that come out of payloads; those that begin a section are marked. */
function assembled(payloads: readonly (readonly [octets: Buffer, starts: boolean])[]): string[] {
  const found: string[] = [];
  const assembler = new SectionAssembler((octets, length) =>
    found.push(Buffer.from(octets.subarray(0, length)).toString('hex')),
  );
  for (const [octets, starts] of payloads) assembler.payload(octets, 0, octets.length, starts);
  return found;
}

const pat = patSection([[1, 0x100]]);

describe('sections of a PID', () => {
  it('are found in a single packet, one behind the other, up to the stuffing', () => {
    const payload = Buffer.concat([Buffer.from([0]), pat, pat, Buffer.alloc(50, 0xff)]);
    expect(assembled([[payload, true]])).toEqual([pat.toString('hex'), pat.toString('hex')]);
  });

  it('come out as they went in, wherever packets end', () => {
    const sections = fc.array(fc.uint8Array({ minLength: 8, maxLength: 1000 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(sections, fc.integer({ min: 2, max: 184 }), (bodies, room) => {
        const wanted = bodies.map((body) => section(0x42, body));
        expect(assembled(packed(wanted, room))).toEqual(wanted.map((octets) => octets.toString('hex')));
      }),
    );
  });

  it('are dropped where a piece is missing; the next one is found', () => {
    const long = section(0x42, Buffer.alloc(400, 1));
    const packets = packed([long, pat], 184);
    expect(assembled(packets.toSpliced(1, 1))).not.toContain(long.toString('hex'));
    expect(assembled([...packets.slice(0, 1), [Buffer.concat([Buffer.from([0]), pat]), true]])).toEqual([
      pat.toString('hex'),
    ]);
  });

  it('are not looked for behind a pointer that points out of the packet', () => {
    const payload = Buffer.concat([Buffer.from([200]), pat]);
    expect(assembled([[payload, true]])).toEqual([]);
  });
});

/** Packs sections as a multiplexer does: a section begins where the last one ended. */
function packed(sections: readonly Buffer[], room: number): [Buffer, boolean][] {
  const octets = Buffer.concat(sections);
  const begins = sections.map((_, index) => Buffer.concat(sections.slice(0, index)).length);
  const packets: [Buffer, boolean][] = [];
  let at = 0;
  while (at < octets.length) {
    const begin = begins.find((begin) => begin >= at && begin < at + room - 1);
    const starts = begin !== undefined;
    const next = begins.find((begin) => begin > at) ?? octets.length;
    const end = starts ? at + room - 1 : Math.min(at + room, next);
    const head = starts ? [Buffer.from([begin - at])] : [];
    const payload = Buffer.concat([...head, octets.subarray(at, end)]);
    packets.push([Buffer.concat([payload, Buffer.alloc(room - payload.length, 0xff)]), starts]);
    at = end;
  }
  return packets;
}

describe('a PAT', () => {
  it('names the PMT of each programme', () => {
    const octets = Buffer.from('00b00d0001c100000001e100e8f95e7d', 'hex');
    expect(octets).toEqual(pat);
    expect(crc32(octets)).toBe(0);
    expect(readPat(octets, octets.length)).toEqual({
      version: 0,
      section: 0,
      programmes: [{ number: 1, pmtPid: 0x100 }],
    });
  });

  it('leaves the network out, and what is not in force yet', () => {
    const octets = patSection([
      [0, 0x10],
      [2, 0x200],
    ]);
    expect(readPat(octets, octets.length)?.programmes).toEqual([{ number: 2, pmtPid: 0x200 }]);
    octets[5] = 0xc0;
    expect(readPat(octets, octets.length)).toBeUndefined();
  });
});

describe('a PMT', () => {
  it('names the streams of its programme and the PID of its clock', () => {
    const octets = Buffer.from('02b0170001c10000e101f0001be101f0000fe102f0009e28c6dd', 'hex');
    expect(crc32(octets)).toBe(0);
    expect(readPmt(octets, octets.length)).toEqual({
      pcrPid: 0x101,
      streams: [
        { pid: 0x101, kind: 'video', sparse: false },
        { pid: 0x102, kind: 'audio', sparse: false },
      ],
    });
  });

  it('tells sound from subtitles in private data, and sound that few need', () => {
    const octets = pmtSection(1, 0x101, [
      [0x06, 0x103, [0x6a, 1, 0]],
      [0x06, 0x104, [0x59, 1, 0]],
      [0x04, 0x105, [0x0a, 4, 0x65, 0x6e, 0x67, 3]],
    ]);
    expect(readPmt(octets, octets.length)?.streams).toEqual([
      { pid: 0x103, kind: 'audio', sparse: false },
      { pid: 0x104, kind: 'data', sparse: true },
      { pid: 0x105, kind: 'audio', sparse: true },
    ]);
  });

  it('whose lengths lie says nothing', () => {
    const octets = pmtSection(1, 0x101, [[0x1b, 0x101]]);
    octets[11] = 0xff;
    expect(readPmt(octets, octets.length)).toBeUndefined();
    const stream = pmtSection(1, 0x101, [[0x1b, 0x101]]);
    stream[16] = 0xff;
    expect(readPmt(stream, stream.length)).toBeUndefined();
  });
});
