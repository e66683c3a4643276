import { crc32 } from './crc32.ts';
import { nullPid, packetBytes, pcrModulus } from './packet.ts';

export type PacketOptions = Readonly<{
  pid: number;
  counter: number;
  /** Absent: an adaptation field alone. */
  payload?: Uint8Array;
  starts?: boolean;
  damaged?: boolean;
  scrambled?: boolean;
  discontinuity?: boolean;
  /** Ticks of 27 MHz. */
  pcr?: number;
}>;

/** A transport packet (H.222.0, 2.4.3.2), filled up by its adaptation field where its payload is short. */
export function packet(options: PacketOptions): Buffer {
  const { pid, counter, payload, pcr } = options;
  const octets = Buffer.alloc(packetBytes, 0xff);
  const flags = (options.discontinuity === true ? 0x80 : 0) | (pcr === undefined ? 0 : 0x10);
  const room = packetBytes - 4 - (payload?.length ?? 0);
  const adapted = payload === undefined || room > 0 || flags !== 0;
  octets[0] = 0x47;
  octets.writeUInt16BE(
    (options.damaged === true ? 0x8000 : 0) | (options.starts === true ? 0x4000 : 0) | pid,
    1,
  );
  octets[3] =
    (options.scrambled === true ? 0x80 : 0) |
    (adapted ? 0x20 : 0) |
    (payload === undefined ? 0 : 0x10) |
    (counter & 15);
  if (adapted) {
    octets[4] = room - 1;
    if (room > 1) octets[5] = flags;
    if (pcr !== undefined) writePcr(octets, 6, pcr);
  }
  if (payload !== undefined) octets.set(payload, packetBytes - payload.length);
  return octets;
}

export function nullPacket(): Buffer {
  return packet({ pid: nullPid, counter: 0, payload: Buffer.alloc(184) });
}

function writePcr(octets: Buffer, at: number, ticks: number): void {
  const base = Math.floor(ticks / 300);
  const extension = ticks % 300;
  octets.writeUInt32BE(Math.floor(base / 2), at);
  octets.writeUInt16BE(((base % 2) << 15) | 0x7e00 | extension, at + 4);
}

/** A section with its CRC, from its table_id and what stands behind its length. */
export function section(table: number, body: readonly number[] | Uint8Array): Buffer {
  const length = body.length + 4;
  const octets = Buffer.from([table, 0xb0 | (length >> 8), length & 0xff, ...body, 0, 0, 0, 0]);
  octets.writeUInt32BE(crc32(octets, octets.length - 4), octets.length - 4);
  return octets;
}

export function patSection(
  programmes: readonly (readonly [number: number, pmtPid: number])[],
  version = 0,
  number: readonly [section: number, last: number] = [0, 0],
): Buffer {
  const entries = programmes.flatMap(([number, pid]) => [...word(number), ...word(0xe000 | pid)]);
  return section(0, [0, 1, 0xc1 | (version << 1), ...number, ...entries]);
}

export type PmtStream = readonly [type: number, pid: number, descriptors?: readonly number[]];

export function pmtSection(
  programme: number,
  pcrPid: number,
  streams: readonly PmtStream[],
  version = 0,
): Buffer {
  const entries = streams.flatMap(([type, pid, descriptors = []]) => [
    type,
    ...word(0xe000 | pid),
    ...word(0xf000 | descriptors.length),
    ...descriptors,
  ]);
  return section(2, [
    ...word(programme),
    0xc1 | (version << 1),
    0,
    0,
    ...word(0xe000 | pcrPid),
    0xf0,
    0,
    ...entries,
  ]);
}

function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** Sections one behind the other, in packets of one PID (H.222.0, 2.4.4.1). */
export function sectionPackets(pid: number, counter: number, sections: readonly Buffer[]): Buffer[] {
  const octets = Buffer.concat([Buffer.from([0]), ...sections]);
  const packets: Buffer[] = [];
  for (let at = 0; at < octets.length; at += 184) {
    const payload = Buffer.alloc(184, 0xff);
    octets.copy(payload, 0, at, at + 184);
    packets.push(packet({ pid, counter: counter + packets.length, payload, starts: at === 0 }));
  }
  return packets;
}

/** The beginning of a PES packet with a PTS (H.222.0, 2.4.3.6). */
export function pesWithPts(streamId: number): Buffer {
  const octets = Buffer.alloc(184, 0xaa);
  octets.set([0, 0, 1, streamId, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1]);
  return octets;
}

/** One programme at a constant rate: a packet each millisecond, its PCRs exact. */
export class TestProgramme {
  readonly pids: Readonly<{ pmt: number; video: number; audio: number }>;
  readonly #startTicks: number;
  readonly #counters = new Map<number, number>();
  #ms = 0;

  constructor(pids = { pmt: 0x100, video: 0x101, audio: 0x102 }, startTicks = 0) {
    this.pids = pids;
    this.#startTicks = startTicks;
  }

  /** The packets of the next milliseconds. */
  next(count: number): Buffer[] {
    return Array.from({ length: count }, () => this.#packet(this.#ms++));
  }

  #packet(ms: number): Buffer {
    const { pmt, video, audio } = this.pids;
    const pcr = (this.#startTicks + ms * 27_000) % pcrModulus;
    if (ms % 100 === 0) return this.#table(0, patSection([[1, pmt]]));
    if (ms % 100 === 1)
      return this.#table(
        pmt,
        pmtSection(1, video, [
          [0x1b, video],
          [0x0f, audio],
        ]),
      );
    if (ms % 20 === 2)
      return packet({
        pid: video,
        counter: this.#count(video),
        starts: true,
        pcr,
        payload: pesWithPts(0xe0).subarray(0, 170),
      });
    if (ms % 20 === 3)
      return packet({ pid: audio, counter: this.#count(audio), starts: true, payload: pesWithPts(0xc0) });
    if (ms % 10 === 9) return nullPacket();
    const payload = Buffer.alloc(184, ms);
    return packet({ pid: video, counter: this.#count(video), payload });
  }

  #table(pid: number, octets: Buffer): Buffer {
    return sectionPackets(pid, this.#count(pid), [octets])[0] ?? nullPacket();
  }

  #count(pid: number): number {
    const counter = this.#counters.get(pid) ?? 0;
    this.#counters.set(pid, (counter + 1) & 15);
    return counter;
  }
}

/** Packets in datagrams of seven. */
export function datagrams(packets: readonly Buffer[], each = 7): Buffer[] {
  return Array.from({ length: Math.ceil(packets.length / each) }, (_, index) =>
    Buffer.concat(packets.slice(index * each, (index + 1) * each)),
  );
}

/** An RTP packet (RFC 3550, 5.1). */
export function rtpPacket(
  sequence: number,
  payload: Buffer,
  { type = 33, ssrc = 7 }: { type?: number; ssrc?: number } = {},
): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = type;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}
