import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { DamagedDatabase, inTransaction, openDatabase } from '@tongtang/runtime/database';
import type { Range } from '@tongtang/wire/messages';
import { count, unite } from '@tongtang/wire/ranges';
import { chunksOf, type Dictionaries, stampLines, textBytes, unpackLines } from './chunk.ts';
import { type ChunkRow, ChunkTable, migrations } from './chunk-table.ts';
import { Epochs } from './epochs.ts';
import type { Claim, ClaimLimits, NewSample, OutboxLimits, OutboxOptions, OutboxStats } from './outbox.ts';
import { RecentChunks } from './recent-chunks.ts';
import { subtract } from './subtract.ts';
import type { TimeReference } from './time.ts';
import { WallHistory } from './wall-history.ts';
import { losesCommits } from './write-ahead-log.ts';

/** Most chunks dropped with one append and stamped with one sync, so that neither is felt. */
const droppedAtOnce = 100;
const stampedAtOnce = 500;

/** A little more than the log has when it is reused; as part of the file, an hour of chunks. */
const roomBytes = 128 * 1024;

/** Towards older numbers or towards newer ones. */
type Direction = 'down' | 'up';

type ReadChunk = Readonly<{ first: number; last: number; time: number; lines: readonly string[] }>;

/**
 * The outbox on disk. Every method throws what SQLite throws, and then nothing of it has happened.
 *
 * What is committed is known in memory at once and deleted together with the next append: a crash in between means
 * that it is sent again, which is harmless. Numbers in here are those of the file (epochs.ts).
 */
export class OutboxFile {
  /** Where a damaged file was moved to when this one began. */
  readonly setAside: string | undefined;
  /** Whether its log was damaged: it is as it was some transactions ago. */
  readonly rolledBack: boolean;
  /** Samples that the file before this one held, or that went with the log; 0 where there was none, or this is still the one. */
  readonly lost: number;
  readonly #database: DatabaseSync;
  readonly #table: ChunkTable;
  readonly #limits: OutboxLimits;
  readonly #dictionaries: Dictionaries;
  readonly #epochs: Epochs;
  #highest: number;
  /** Samples in the file that are not committed. */
  #held: number;
  #dropped: number;
  /** Committed, not yet deleted. */
  #committed: Range[];
  /** Handed out. */
  #claimed: Range[] = [];
  /** Waiting for hub time. */
  #unstamped: Range[];
  readonly #wall: WallHistory;
  readonly #recent = new RecentChunks();

  /**
   * Opens the file; a damaged one is set aside.
   *
   * Each boot of the operating system begins an outbox id of its own: a power cut may take the last transactions, and
   * many a classroom PC puts its whole disk back at every start. A number that the hub already has would then be given
   * again, and be committed before it is sent. For the same reason a damaged log begins one.
   *
   * @param before what the file before this one held and had given up: counted as given up where this one is new, or lacks it
   * @param leastDropped what was given up at least
   */
  constructor(
    { path, boot, opened: clocks }: Pick<OutboxOptions, 'path' | 'boot' | 'opened'>,
    limits: OutboxLimits,
    before: Pick<OutboxStats, 'samples' | 'dropped'>,
    leastDropped: number,
  ) {
    const rolledBack = losesCommits(`${path}-wal`);
    const opened = openDatabase(path, { migrations, durability: 'normal', pageSize: 1024, exclusive: true });
    this.setAside = opened.setAside;
    this.#database = opened.database;
    this.#limits = limits;
    try {
      this.#table = new ChunkTable(this.#database);
      if (!this.#table.isSound()) throw new DamagedDatabase(`${path}: numbers that cannot be`);
      // A log of 130 kB soon has its size and is only overwritten; it is synced about every 40 minutes.
      this.#database.exec('PRAGMA wal_autocheckpoint = 125; PRAGMA cache_size = -256');
      const newest = this.#table.atOrBelow(Number.MAX_SAFE_INTEGER);
      this.#highest = newest?.last ?? 0;
      this.#committed = newest?.payload === null ? [[newest.first, newest.last]] : [];
      this.#held = this.#table.countBetween(1, this.#highest);
      const isNew = this.#table.state('boot') === undefined;
      this.rolledBack = rolledBack && !isNew;
      this.lost = isNew || this.rolledBack ? Math.max(0, before.samples - this.#held) : 0;
      const dropped = isNew ? before.dropped : Number(this.#table.state('dropped') ?? 0);
      this.#dropped = Math.max(dropped + this.lost, leastDropped);
      this.#unstamped = unite(this.#table.unstampedRanges());
      this.#wall = new WallHistory(this.#table, boot, clocks);
      this.#dictionaries = inTransaction(this.#database, () => {
        if (this.#table.state('boot') !== boot || this.rolledBack) {
          this.#table.beginEpoch(this.#highest + 1, randomBytes(8).toString('hex'));
          this.#table.endEpochsBelow(this.#oldest(1)?.first ?? this.#highest + 1);
          this.#table.setState('boot', boot);
          this.#table.setState('dropped', String(this.#dropped));
          this.#wall.begin(boot);
        }
        return this.#table.dictionaries();
      });
      this.#epochs = new Epochs(this.#table.epochs());
    } catch (error) {
      // Left open, its lock would refuse every attempt that follows.
      this.#database.close();
      throw error;
    }
  }

  /**
   * @param lost samples that came before these and could not be kept: counted as dropped
   * @returns the numbers given, as the wire counts
   */
  append(samples: readonly NewSample[], lost: number): Range {
    const from = this.#highest + 1;
    const to = this.#highest + samples.length;
    const unstamped: Range[] = [];
    const chunks = chunksOf(samples);
    const { stillCommitted, dropped, compared } = inTransaction(this.#database, () => {
      const stillCommitted = this.#deleteCommitted(to);
      let first = from;
      for (const chunk of chunks) {
        const last = first + chunk.lines.length - 1;
        this.#table.insert(first, chunk);
        if ('boot' in chunk.stamp) unstamped.push([first, last]);
        first = last + 1;
      }
      const compared = this.#wall.write();
      return { stillCommitted, dropped: this.#dropOldest(from, lost), compared };
    });
    this.#wall.wrote(compared);
    this.#highest = to;
    this.#held += samples.length;
    this.#committed = stillCommitted;
    this.#unstamped = unite(this.#unstamped, unstamped);
    this.#dropped += lost;
    this.#forget(dropped);
    this.#recent.remember(from, chunks);
    const { start } = this.#epochs.current();
    return [from - start + 1, to - start + 1];
  }

  /**
   * Stamps the newest chunks that wait for hub time, and gives up those whose time cannot be known.
   * @returns whether more are waiting
   */
  resolveTimes(reference: TimeReference): boolean {
    if (this.#unstamped.length === 0) {
      this.#wall.compare(reference);
      return false;
    }
    const rows = this.#table.unstamped(stampedAtOnce);
    const timeless: ChunkRow[] = [];
    inTransaction(this.#database, () => {
      for (const row of rows) {
        const lines = this.#linesOf(row);
        // What cannot be read is given up when it is its turn to be sent.
        if (lines === undefined || row.boot === null) continue;
        const stamped = stampLines(lines, row.boot, reference, this.#wall.during(row.boot, lines));
        if (stamped === undefined) timeless.push(row);
        else this.#table.stamp(row.first, stamped.time, stamped.lines);
      }
    });
    this.#giveUp(timeless);
    this.#unstamped = subtract(
      this.#unstamped,
      rows.map(({ first, last }) => [first, last]),
    );
    return this.#unstamped.length > 0;
  }

  /**
   * Hands out consecutive samples that are stamped, not claimed and not committed, the newest or the oldest first.
   * @param except ids of outboxes that are passed over
   */
  take(
    which: 'newest' | 'oldest',
    limits: ClaimLimits,
    except: ReadonlySet<string> = new Set(),
  ): Claim | undefined {
    const direction = which === 'newest' ? 'down' : 'up';
    const passedOver = [...except].flatMap((id) =>
      this.#epochs.inFile(id, [[1, this.#highest]], this.#highest),
    );
    const excluded = unite(this.#committed, this.#claimed, this.#unstamped, passedOver);
    let chunk = this.#read(which === 'newest' ? this.#highest : 1, direction, excluded);
    if (chunk === undefined) return undefined;
    const epoch = this.#epochs.of(chunk.first);
    const chunks = [chunk];
    let bytes = textBytes(chunk.lines);
    let samples = chunk.lines.length;
    for (;;) {
      const edge: number = direction === 'down' ? chunk.first - 1 : chunk.last + 1;
      chunk = this.#read(edge, direction, excluded);
      if (chunk === undefined || (direction === 'down' ? chunk.last : chunk.first) !== edge) break;
      bytes += textBytes(chunk.lines);
      samples += chunk.lines.length;
      if (bytes > limits.bytes || samples > limits.samples || this.#epochs.of(chunk.first) !== epoch) break;
      chunks.push(chunk);
    }
    if (direction === 'down') chunks.reverse();
    const [first, last] = [chunks.at(0)?.first ?? 0, chunks.at(-1)?.last ?? 0];
    this.#claimed = unite(this.#claimed, [[first, last]]);
    return {
      outbox: epoch.id,
      from: first - epoch.start + 1,
      to: last - epoch.start + 1,
      oldest: (this.#oldest(epoch.start)?.first ?? first) - epoch.start + 1,
      lines: chunks.flatMap(({ lines }) => lines),
      time: chunks.at(-1)?.time ?? 0,
    };
  }

  /** Forgets the ranges now; they are deleted with the next append. */
  commit(outbox: string, ranges: readonly Range[]): void {
    const stored = this.#epochs.inFile(outbox, ranges, this.#highest);
    const counts = subtract(unite(stored), this.#committed).map(([from, to]) =>
      this.#table.countBetween(from, to),
    );
    this.#held -= counts.reduce((total, samples) => total + samples, 0);
    this.#committed = unite(this.#committed, stored);
    this.#claimed = subtract(this.#claimed, stored);
  }

  /** The claim's samples may be handed out again. */
  release({ outbox, from, to }: Claim): void {
    this.#claimed = subtract(this.#claimed, this.#epochs.inFile(outbox, [[from, to]], this.#highest));
  }

  /** What is lost with the file: known even where it cannot be read any more. */
  counts(): Pick<OutboxStats, 'samples' | 'dropped'> {
    return { samples: this.#held, dropped: this.#dropped };
  }

  stats(): Omit<OutboxStats, 'failedWrites'> {
    const { id, start } = this.#epochs.current();
    return {
      id,
      ...this.counts(),
      bytes: this.#table.usedBytes(),
      oldestTime: this.#next(1, 'up', unite(this.#committed, this.#unstamped))?.time ?? undefined,
      lastSequence: this.#highest - start + 1,
    };
  }

  /**
   * Makes room that stays file's and log's: on a disk that fills up later they need not grow, as long as the hub takes what
   * is measured.
   */
  keepRoom(): void {
    // What is written and freed in one transaction would never reach the disk.
    this.#database.exec(`DROP TABLE IF EXISTS room; CREATE TABLE room (bytes BLOB);
      INSERT INTO room VALUES (zeroblob(${roomBytes}))`);
    this.#database.exec('DROP TABLE room');
    this.reuseLog();
  }

  /** On a full disk the log of SQLite can still be written from its beginning: lets it begin anew. */
  reuseLog(): void {
    this.#database.exec('PRAGMA wal_checkpoint(RESTART)');
  }

  /** Deletes what is committed, and closes. */
  close(): void {
    try {
      inTransaction(this.#database, () => this.#deleteCommitted(this.#highest));
    } finally {
      this.#database.close();
    }
  }

  /** Closes a damaged file as it is. */
  abandon(): void {
    this.#database.close();
  }

  /** @returns what must be remembered on: committed parts of chunks that are still there */
  #deleteCommitted(highest: number): Range[] {
    for (const [from, to] of this.#committed) this.#table.remove(from, to, highest);
    return this.#committed.flatMap(([from, to]) => {
      const parts = [this.#table.atOrBelow(from), this.#table.atOrBelow(to)];
      return unite(
        parts.flatMap((row): Range[] =>
          row === undefined || row.last < from ? [] : [[Math.max(row.first, from), Math.min(row.last, to)]],
        ),
      );
    });
  }

  /**
   * Drops the oldest chunks while the file is too large; never one from `from` on. What is too old the hub says, which knows whether
   * to believe its clock: by times alone, one that goes ahead would cost the whole backlog.
   * @param lost is counted together with them
   */
  #dropOldest(from: number, lost: number): Range[] {
    const dropped: Range[] = [];
    while (dropped.length < droppedAtOnce) {
      const oldest = this.#table.atOrAbove(1);
      if (oldest === undefined || oldest.first >= from) break;
      if (this.#table.usedBytes() <= this.#limits.bytes) break;
      this.#table.remove(oldest.first, oldest.last, from);
      dropped.push([oldest.first, oldest.last]);
    }
    this.#countDropped(dropped, lost);
    return dropped;
  }

  /** Inside the transaction that removes the ranges. */
  #countDropped(ranges: readonly Range[], lost = 0): void {
    const more = lost + count(subtract(ranges, this.#committed));
    if (more > 0) this.#table.setState('dropped', String(this.#dropped + more));
  }

  /** After the transaction that removed the ranges. */
  #forget(ranges: readonly Range[]): void {
    const lost = count(subtract(ranges, this.#committed));
    this.#dropped += lost;
    this.#held -= lost;
    this.#committed = subtract(this.#committed, ranges);
    this.#claimed = subtract(this.#claimed, ranges);
    this.#unstamped = subtract(this.#unstamped, ranges);
  }

  #giveUp(rows: readonly ChunkRow[]): void {
    if (rows.length === 0) return;
    const ranges = rows.map(({ first, last }): Range => [first, last]);
    inTransaction(this.#database, () => {
      for (const [first, last] of ranges) this.#table.remove(first, last, this.#highest);
      this.#countDropped(ranges);
    });
    this.#forget(ranges);
    // The row with the highest number stays, empty.
    this.#committed = unite(
      this.#committed,
      ranges.filter(([, last]) => last === this.#highest),
    );
  }

  #oldest(from: number): ChunkRow | undefined {
    return this.#next(from, 'up', this.#committed);
  }

  /** The next chunk from the number on that holds something and does not lie wholly in the excluded ranges. */
  #next(from: number, direction: Direction, excluded: readonly Range[]): ChunkRow | undefined {
    let at = from;
    for (;;) {
      const row = direction === 'down' ? this.#table.atOrBelow(at) : this.#table.atOrAbove(at);
      if (row === undefined) return undefined;
      // To step over it would lead here again.
      if (row.last < row.first || row.last > this.#highest)
        throw new DamagedDatabase(`a chunk of ${row.first} to ${row.last}`);
      const cover = excluded.find(([from, to]) => from <= row.first && row.last <= to);
      if (cover === undefined && row.payload !== null) return row;
      const [first, last] = cover ?? [row.first, row.last];
      at = direction === 'down' ? first - 1 : last + 1;
    }
  }

  /** The same with its lines; unreadable ones on the way are given up. */
  #read(from: number, direction: Direction, excluded: readonly Range[]): ReadChunk | undefined {
    for (;;) {
      const row = this.#next(from, direction, excluded);
      if (row === undefined) return undefined;
      const lines = this.#linesOf(row);
      if (lines !== undefined) return { first: row.first, last: row.last, time: row.time ?? 0, lines };
      this.#giveUp([row]);
    }
  }

  /** The lines of a chunk, or undefined where its bytes are damaged. */
  #linesOf({ first, last, payload }: ChunkRow): readonly string[] | undefined {
    if (payload === null) return undefined;
    return this.#recent.linesOf(first) ?? unpackLines(payload, last - first + 1, this.#dictionaries);
  }
}
