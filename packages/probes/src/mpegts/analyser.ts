import { type ClockReport, Clocks } from './clocks.ts';
import { ContinuityTable, mostPids, type PidReport } from './continuity.ts';
import { crc32 } from './crc32.ts';
import { hasPcr, hasPts, nullPid, packetBytes, readPcr } from './packet.ts';
import { Programmes, type ProgrammesReport, roles } from './programmes.ts';
import { Repetition } from './repetition.ts';
import { SectionAssembler } from './section.ts';
import { isFrozen, type StreamTotals } from './stream-score.ts';
import { StreamTime } from './stream-time.ts';
import { tableIds } from './tables.ts';

/** TR 101 290, indicator 2.5. */
const ptsLimitMs = 700;
/** PIDs of the tables whose CRC counts (2.2): PAT, CAT, NIT, SDT and BAT, EIT, TOT (EN 300 468, table 1). */
const pids = { pat: 0x0000, cat: 0x0001, lastOfTables: 0x0014 } as const;
const tablePids = new Set([pids.pat, pids.cat, 0x0010, 0x0011, 0x0012, pids.lastOfTables]);

/** What was counted in an interval; the numbers are those of TR 101 290. */
export class PacketCounts {
  packets = 0;
  nullPackets = 0;
  /** 1.4, and of these on PIDs of pictures and of sound. */
  continuityErrors = 0;
  videoErrors = 0;
  audioErrors = 0;
  /** Packets missing by the continuity counters: at least so many. */
  missing = 0;
  /** Packets sent twice, as they may be. */
  repeated = 0;
  /** 2.1 */
  transportErrors = 0;
  /** 2.2 */
  crcErrors = 0;
  /** 2.6 */
  catErrors = 0;
  scrambled = 0;
  /** Of these, such as carry pictures or sound. */
  hidden = 0;
  cats = 0;
  /** Packets whose adaptation field lies about its length, or says nothing. */
  malformed = 0;
  /** Packets of PIDs beyond the {@link mostPids}. */
  unwatched = 0;
}

/** All that an analyser found since it was read last. */
export type AnalyserReport = Readonly<{
  counts: Readonly<PacketCounts>;
  programmes: ProgrammesReport;
  clocks: ClockReport;
  pts: Readonly<{ errors: number; longestMs: number | undefined }>;
  pids: readonly PidReport[];
}>;

/**
 * Looks at the packets of one transport stream, each once, and keeps what TR 101 290 asks for in its first and second
 * priority. It takes no memory for a packet and a bounded amount for a stream, whatever the stream is; it never throws.
 *
 * Its time is that of arrival. Where there is none, as in a file, it makes one of the stream's own clock.
 */
export class Analyser {
  readonly #continuity = new ContinuityTable();
  readonly #programmes = new Programmes();
  readonly #clocks: Clocks;
  readonly #pts = new Repetition(ptsLimitMs, mostPids);
  readonly #assemblers = new Map<number, SectionAssembler>();
  readonly #streamTime: StreamTime | undefined;
  #counts = new PacketCounts();
  #position = 0;
  #nowMs: number | undefined;
  /** Since the beginning: packets, and continuity errors of pictures or sound. */
  #everSeen = 0;
  #everBroken = 0;
  #freezes = 0;
  #picturesMs: number | undefined;

  /** @param timing what the time of a packet is */
  constructor(timing: 'arrival' | 'stream') {
    this.#clocks = new Clocks(timing === 'arrival');
    if (timing === 'stream') this.#streamTime = new StreamTime();
  }

  /** When the last packet came, or where in the stream it stands; undefined before the first. Milliseconds. */
  get nowMs(): number | undefined {
    return this.#nowMs;
  }

  /** What it has seen since the beginning. @param nowMs of this moment, on the clock of its packets */
  totals(nowMs: number): StreamTotals {
    return {
      packets: this.#everSeen,
      disturbances: this.#everBroken + this.#programmes.everFound,
      freezes: this.#freezes,
      picturesMs: this.#programmes.hasPictures ? this.#picturesMs : undefined,
      incomplete: this.#programmes.isIncomplete(nowMs),
    };
  }

  /** Whether this packet is one that never comes again: it carries pictures or sound, not their filling, or a clock. */
  isUnique(bytes: Uint8Array, at: number): boolean {
    const role = this.#programmes.roles[pidOf(bytes, at)] ?? 0;
    if ((role & (roles.video | roles.audio)) === 0) return false;
    return hasPcr(bytes, at) || !isUniform(bytes, at + packetBytes / 2, at + packetBytes);
  }

  /** Whether this packet is the one that is due on its PID; undefined where that cannot be said. */
  isDue(bytes: Uint8Array, at: number): boolean | undefined {
    const pid = pidOf(bytes, at);
    const flags = bytes[at + 3] ?? 0;
    if (pid === nullPid || (flags & 0x10) === 0) return undefined;
    return this.#continuity.isDue(pid, flags & 15);
  }

  /**
   * Takes a packet.
   * @param bytes with the packet's 188 octets from `at` on; they stay as they are afterwards
   * @param arrivedMs monotonic; has no meaning where the time is the stream's own
   */
  packet(bytes: Uint8Array, at: number, arrivedMs: number): void {
    const counts = this.#counts;
    counts.packets += 1;
    this.#everSeen += 1;
    this.#position += 1;
    const second = bytes[at + 1] ?? 0;
    const fourth = bytes[at + 3] ?? 0;
    const pid = pidOf(bytes, at);

    // The adaptation field: what it claims is believed only where it fits (2.4.3.5).
    let payload = at + 4;
    const end = at + packetBytes;
    let flags = 0;
    if ((fourth & 0x20) !== 0) {
      const length = bytes[payload] ?? 0;
      const fits = (fourth & 0x10) === 0 ? length === 183 : length <= 182;
      flags = fits && length > 0 ? (bytes[at + 5] ?? 0) : 0;
      if (!fits || ((flags & 0x10) !== 0 && length < 7)) {
        counts.malformed += 1;
        flags &= 0x80;
      }
      payload = fits ? payload + 1 + length : end;
    } else if ((fourth & 0x10) === 0) {
      counts.malformed += 1;
      payload = end;
    }
    const damaged = (second & 0x80) !== 0;
    const pcr = (flags & 0x10) !== 0 && !damaged ? readPcr(bytes, at + 6) : undefined;
    const nowMs = this.#streamTime?.at(pid, pcr) ?? arrivedMs;
    if (this.#nowMs === undefined) this.#programmes.begin(nowMs);
    this.#nowMs = nowMs;

    if (damaged) {
      // Nothing else in such a packet can be believed.
      counts.transportErrors += 1;
      return;
    }
    if (pid === nullPid) {
      counts.nullPackets += 1;
      return;
    }
    const slot = this.#continuity.slotOf(pid);
    if (slot === undefined) {
      counts.unwatched += 1;
      return;
    }
    const role = this.#programmes.roles[pid] ?? 0;
    const hasPayload = (fourth & 0x10) !== 0;
    const discontinuity = (flags & 0x80) !== 0;
    const continuity = this.#continuity.follow(slot, bytes, at, hasPayload, discontinuity);
    if ((role & roles.referred) !== 0) this.#programmes.pidSeen(pid, nowMs);
    if (continuity === 'repeats') {
      counts.repeated += 1;
      return;
    }
    if (continuity === 'breaks') this.#broken(pid, role);
    if (discontinuity) this.#clocks.announceJump(slot);
    if (pcr !== undefined) this.#clocks.pcr(slot, pcr, this.#position, nowMs);
    if (!hasPayload || payload >= end) return;
    if ((role & roles.video) !== 0) this.#pictures(nowMs);

    const starts = (second & 0x40) !== 0;
    const scrambled = (fourth & 0xc0) !== 0;
    if (scrambled) this.#scrambled(pid, role, slot);
    else if ((role & roles.pmt) !== 0 || (pid <= pids.lastOfTables && tablePids.has(pid)))
      this.#assemblerOf(pid).payload(bytes, payload, end, starts);
    else if (starts && (role & (roles.video | roles.audio)) !== 0 && hasPts(bytes, payload, end))
      this.#pts.seen(slot, nowMs);
  }

  /** Packets are known to be missing here, such as those of a lost datagram. */
  lose(): void {
    this.#clocks.lose();
  }

  /** The stream was away, so that what comes is not compared with what was. @param nowMs when it comes back */
  interrupt(nowMs: number): void {
    this.#continuity.interrupt();
    this.#clocks.interrupt();
    this.#pts.forgetAll();
    if (this.#picturesMs !== undefined) this.#picturesMs = nowMs;
    this.#programmes.interrupt(nowMs);
    for (const assembler of this.#assemblers.values()) assembler.reset();
  }

  /** What was found since the last call; a thing that is missing at this moment is missing as of the last packet. */
  read(): AnalyserReport {
    const counts = this.#counts;
    const nowMs = this.#nowMs ?? Number.NaN;
    // Scrambled packets without a table that says how to read them (2.6).
    if (counts.scrambled > 0 && counts.cats === 0) counts.catErrors += 1;
    const { errors, longestMs } = this.#pts.read(nowMs);
    const report = {
      counts,
      programmes: this.#programmes.read(nowMs),
      clocks: this.#clocks.read(nowMs, counts.nullPackets > 0),
      pts: { errors, longestMs },
      pids: this.#continuity.read(),
    };
    this.#counts = new PacketCounts();
    if (this.#continuity.isFull) {
      this.#continuity.begin();
      this.#clocks.interrupt();
      this.#pts.forgetAll();
    }
    return report;
  }

  #broken(pid: number, role: number): void {
    const counts = this.#counts;
    counts.continuityErrors += 1;
    counts.missing += this.#continuity.missing;
    if ((role & roles.video) !== 0) counts.videoErrors += 1;
    if ((role & roles.audio) !== 0) counts.audioErrors += 1;
    if ((role & (roles.video | roles.audio)) !== 0) this.#everBroken += 1;
    this.#assemblers.get(pid)?.reset();
    this.#clocks.lose();
  }

  #pictures(nowMs: number): void {
    if (this.#picturesMs !== undefined && isFrozen(this.#picturesMs, nowMs)) this.#freezes += 1;
    this.#picturesMs = nowMs;
  }

  #scrambled(pid: number, role: number, slot: number): void {
    this.#counts.scrambled += 1;
    if ((role & (roles.video | roles.audio)) !== 0) this.#counts.hidden += 1;
    if (pid === pids.pat) this.#programmes.strangerOnPat();
    if ((role & roles.pmt) !== 0) this.#programmes.scrambledPmt();
    // Its PTSs cannot be seen.
    this.#pts.forget(slot);
  }

  #assemblerOf(pid: number): SectionAssembler {
    const known = this.#assemblers.get(pid);
    if (known !== undefined) return known;
    const assembler = new SectionAssembler((section, length) => this.#section(pid, section, length));
    this.#assemblers.set(pid, assembler);
    return assembler;
  }

  #section(pid: number, section: Uint8Array, length: number): void {
    const table = section[0] ?? 0;
    if (!hasCrc(pid, table)) {
      this.#stranger(pid);
      return;
    }
    if (length < 12 || crc32(section, length) !== 0) {
      this.#counts.crcErrors += 1;
      return;
    }
    const crc = crcOf(section, length);
    const nowMs = this.#nowMs ?? 0;
    if (pid === pids.pat) this.#programmes.pat(section, length, crc, nowMs);
    else if (pid === pids.cat) this.#counts.cats += 1;
    else if (table === tableIds.pmt) this.#pmt(pid, section, length, crc, nowMs);
  }

  #pmt(pid: number, section: Uint8Array, length: number, crc: number, nowMs: number): void {
    this.#programmes.pmt(pid, section, length, crc, nowMs);
    // From here on pictures are due.
    if (this.#programmes.hasPictures) this.#picturesMs ??= nowMs;
  }

  /** Another table than the one that the PID is for: wrong on those of PAT and CAT, allowed elsewhere. */
  #stranger(pid: number): void {
    if (pid === pids.pat) this.#programmes.strangerOnPat();
    if (pid === pids.cat) this.#counts.catErrors += 1;
  }
}

function pidOf(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0);
}

function isUniform(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at += 1) if (bytes[at] !== bytes[from]) return false;
  return true;
}

/** Whether a table on this PID is one whose CRC is looked at. */
function hasCrc(pid: number, table: number): boolean {
  if (pid === pids.pat) return table === tableIds.pat;
  if (pid === pids.cat) return table === tableIds.cat;
  if (pid > pids.lastOfTables) return table === tableIds.pmt;
  // NIT, SDT, BAT, EIT and TOT; neither TDT nor stuffing have one.
  return (
    (table >= 0x40 && table <= 0x42) ||
    table === 0x46 ||
    table === 0x4a ||
    (table >= 0x4e && table <= 0x6f) ||
    table === 0x73
  );
}

function crcOf(section: Uint8Array, length: number): number {
  let crc = 0;
  for (let at = length - 4; at < length; at += 1) crc = ((crc << 8) | (section[at] ?? 0)) >>> 0;
  return crc;
}
