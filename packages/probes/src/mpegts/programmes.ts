import { nullPid, pidCount } from './packet.ts';
import { Repetition } from './repetition.ts';
import { type Pat, type Pmt, readPat, readPmt } from './tables.ts';

/** A stream may list 253 programmes in one section; of so many the tables and PIDs are watched. */
export const mostProgrammes = 64;
/** TR 101 290, indicators 1.3.a and 1.5.a; and 1.6 for video and audio. */
const tableLimitMs = 500;
const pidLimitMs = 5000;

/** What a PID is for. One PID may be several things. */
export const roles = { pmt: 1, video: 2, audio: 4, referred: 8 } as const;

type Programme = {
  pmtPid: number;
  /** Its number in the watch of tables. */
  watch: number;
  crc?: number;
  pmt?: Pmt;
};

/** What was found of tables and PIDs in an interval. */
export type ProgrammesReport = Readonly<{
  patErrors: number;
  patLongestMs: number | undefined;
  pmtErrors: number;
  pmtLongestMs: number | undefined;
  pidErrors: number;
  /** Of the PAT; undefined while none came. */
  programmes: number | undefined;
  /** Programmes whose PMT is known. */
  described: number;
  missingPids: number;
  unwatchedProgrammes: number;
}>;

/** Follows what a stream says it is made of: the programmes of its PAT, and the PIDs of their PMTs. */
export class Programmes {
  /** By PID, as {@link roles}; the packets of a PID are told by it. */
  readonly roles = new Uint8Array(pidCount);
  readonly #pats = new Repetition(tableLimitMs, 1);
  readonly #pmts = new Repetition(tableLimitMs, mostProgrammes);
  /** By PID: the streams of the programmes that must not pause. */
  readonly #pids = new Repetition(pidLimitMs, pidCount);
  #referred = new Set<number>();
  #version: number | undefined;
  /** By number of the PAT's section: whether it is still the same, and how many programmes were too many. */
  readonly #sections = new Map<number, Readonly<{ crc: number; unwatched: number }>>();
  readonly #programmes = new Map<number, Programme>();
  readonly #freeWatches = Array.from({ length: mostProgrammes }, (_, index) => index);
  #patErrors = 0;
  #pmtErrors = 0;
  /** Other tables and scrambled ones, since the beginning. */
  #everWrong = 0;
  #hasPictures = false;

  /** Errors of PAT, PMT and PIDs since the beginning. */
  get everFound(): number {
    return this.#everWrong + this.#pats.everFound + this.#pmts.everFound + this.#pids.everFound;
  }

  /** Whether a PMT names pictures. */
  get hasPictures(): boolean {
    return this.#hasPictures;
  }

  /** Whether a table or a PID that must be there is missing at this moment. */
  isIncomplete(nowMs: number): boolean {
    if (this.#pats.isMissing(0, nowMs)) return true;
    for (const { watch } of this.#programmes.values()) if (this.#pmts.isMissing(watch, nowMs)) return true;
    for (const pid of this.#referred) if (this.#pids.isMissing(pid, nowMs)) return true;
    return false;
  }

  /** The stream flows: a PAT is due. */
  begin(nowMs: number): void {
    this.#pats.expect(0, nowMs);
  }

  /** PID 0 carried something else, or was scrambled (1.3.a). */
  strangerOnPat(): void {
    this.#patErrors += 1;
    this.#everWrong += 1;
  }

  /** A PMT was scrambled (1.5.a). */
  scrambledPmt(): void {
    this.#pmtErrors += 1;
    this.#everWrong += 1;
  }

  /** A section of the PAT whose CRC was right. */
  pat(section: Uint8Array, length: number, crc: number, nowMs: number): void {
    this.#pats.seen(0, nowMs);
    const pat = readPat(section, length);
    if (pat === undefined || this.#sections.get(pat.section)?.crc === crc) return;
    if (pat.version !== this.#version || this.#sections.has(pat.section)) {
      this.#sections.clear();
      this.#keepOnly(pat);
    }
    this.#version = pat.version;
    this.#sections.set(pat.section, { crc, unwatched: this.#add(pat, nowMs) });
    this.#assignRoles(nowMs);
  }

  /** A PMT section whose CRC was right. */
  pmt(pid: number, section: Uint8Array, length: number, crc: number, nowMs: number): void {
    const number = ((section[3] ?? 0) << 8) | (section[4] ?? 0);
    const programme = this.#programmes.get(number);
    if (programme?.pmtPid !== pid) return;
    this.#pmts.seen(programme.watch, nowMs);
    if (programme.crc === crc) return;
    const pmt = readPmt(section, length);
    if (pmt === undefined) return;
    programme.crc = crc;
    programme.pmt = pmt;
    this.#assignRoles(nowMs);
  }

  /** The stream was away: everything is due again from its first packet on. */
  interrupt(nowMs: number): void {
    this.#pats.forgetAll();
    this.#pmts.forgetAll();
    this.begin(nowMs);
    for (const { watch } of this.#programmes.values()) this.#pmts.expect(watch, nowMs);
    this.#pids.forgetAll();
    for (const pid of this.#referred) this.#pids.expect(pid, nowMs);
  }

  /** A packet of a PID with the role `referred` came. */
  pidSeen(pid: number, nowMs: number): void {
    this.#pids.seen(pid, nowMs);
  }

  /** @param nowMs when the last packet came: while there is none, nothing is missing */
  read(nowMs: number): ProgrammesReport {
    const pats = this.#pats.read(nowMs);
    const pmts = this.#pmts.read(nowMs);
    const pids = this.#pids.read(nowMs);
    let unwatched = 0;
    for (const section of this.#sections.values()) unwatched += section.unwatched;
    const report = {
      patErrors: this.#patErrors + pats.errors,
      patLongestMs: pats.longestMs,
      pmtErrors: this.#pmtErrors + pmts.errors,
      pmtLongestMs: pmts.longestMs,
      pidErrors: pids.errors,
      programmes: this.#version === undefined ? undefined : this.#programmes.size + unwatched,
      described: [...this.#programmes.values()].filter(({ pmt }) => pmt !== undefined).length,
      missingPids: pids.missing,
      unwatchedProgrammes: unwatched,
    };
    this.#patErrors = 0;
    this.#pmtErrors = 0;
    return report;
  }

  /** Removes the programmes that a new PAT does not list in the same place. */
  #keepOnly({ programmes }: Pat): void {
    const listed = new Map(programmes.map(({ number, pmtPid }) => [number, pmtPid]));
    for (const [number, { pmtPid }] of this.#programmes)
      if (listed.get(number) !== pmtPid) this.#remove(number);
  }

  /** @returns how many programmes were too many */
  #add({ programmes }: Pat, nowMs: number): number {
    let unwatched = 0;
    for (const { number, pmtPid } of programmes) {
      if (this.#programmes.has(number)) continue;
      const watch = this.#freeWatches.pop();
      if (watch === undefined) {
        unwatched += 1;
        continue;
      }
      this.#programmes.set(number, { pmtPid, watch });
      this.#pmts.expect(watch, nowMs);
    }
    return unwatched;
  }

  #remove(number: number): void {
    const programme = this.#programmes.get(number);
    if (programme === undefined) return;
    this.#programmes.delete(number);
    this.#pmts.forget(programme.watch);
    this.#freeWatches.push(programme.watch);
  }

  #assignRoles(nowMs: number): void {
    const before = this.#referred;
    this.#referred = new Set();
    this.roles.fill(0);
    this.#hasPictures = false;
    for (const { pmtPid, pmt } of this.#programmes.values()) {
      this.#give(pmtPid, roles.pmt);
      if (pmt === undefined) continue;
      for (const { pid, kind, sparse } of pmt.streams) {
        if (kind !== 'data') this.#give(pid, roles[kind]);
        if (kind === 'video') this.#hasPictures = true;
        if (!sparse) this.#refer(pid, nowMs);
      }
      if (pmt.pcrPid !== nullPid) this.#refer(pmt.pcrPid, nowMs);
    }
    for (const pid of before) if (!this.#referred.has(pid)) this.#pids.forget(pid);
  }

  #refer(pid: number, nowMs: number): void {
    this.#give(pid, roles.referred);
    this.#referred.add(pid);
    this.#pids.expect(pid, nowMs);
  }

  #give(pid: number, role: number): void {
    this.roles[pid] = (this.roles[pid] ?? 0) | role;
  }
}
