import { createHash } from 'node:crypto';
import { inSlices } from '@tongtang/runtime/slices';
import type { ConclusionJournal } from '@tongtang/store/conclusions/journal';
import type { InfluxConclusions } from '@tongtang/store/influx/conclusions';
import { type ConclusionKey, conclusionKey, conclusionLine, goneLine } from '@tongtang/store/influx/lines';
import type { Sheet } from './sheet.ts';

/** A point as it is written, or is about to be. */
type Said = Readonly<{ key: ConclusionKey; line: string; print: string }>;
/** What is there, by its name: the key, and what is said of it. */
type Known = ReadonlyMap<string, Readonly<{ key: ConclusionKey; print: string }>>;

/** Of so many points it is remembered what is there, the present day's before all: of the rest InfluxDB is asked. Some 15 MB. */
const mostKnown = 50_000;
/** A sheet that is shorter is written whole. */
const fewPoints = 10;

/**
 * Brings what is in InfluxDB to what a sheet says: what is other than before is written, and what is there and in the sheet no more is marked
 * as gone. The journal has a mark of it only then: killed in between, the same is done again.
 */
export class SheetWriter {
  readonly #influx: Pick<InfluxConclusions, 'there' | 'write'>;
  readonly #journal: ConclusionJournal;
  /** By sheet. */
  readonly #known = new Map<string, Known>();

  constructor(influx: Pick<InfluxConclusions, 'there' | 'write'>, journal: ConclusionJournal) {
    this.#influx = influx;
    this.#journal = journal;
  }

  /** Whether a sheet that is made of this is there. */
  has(id: string, madeOf: string): boolean {
    return this.there(id) === madeOf;
  }

  /** What a sheet that is there is made of. */
  there(id: string): string | undefined {
    const written = this.#journal.sheet(id);
    return written === undefined || written.fingerprint === '' ? undefined : written.madeOf;
  }

  /** A sheet that is there would be the same if it were made of this. */
  isMadeOf(id: string, madeOf: string): void {
    const fingerprint = this.#journal.sheet(id)?.fingerprint ?? '';
    this.#journal.written(id, { madeOf, fingerprint }, []);
  }

  /** What a sheet was made of when it was written last; empty where it is to be made anew. */
  madeOf(id: string): string | undefined {
    return this.#journal.sheet(id)?.madeOf;
  }

  /** Sheets that are written, whose ids begin so. */
  ids(prefix: string): string[] {
    return this.#journal.ids(prefix);
  }

  /** Nothing is there any more. */
  forget(): void {
    this.#journal.forget();
    this.#known.clear();
  }

  /**
   * @param madeOf tells what the sheet was made of
   * @param stale sheets that have to be made anew where this one is made of something else than before
   * @throws where InfluxDB does not take it; then all of it is tried again the next time
   */
  async put(sheet: Sheet, madeOf: string, stale: readonly string[] = []): Promise<void> {
    const { id, realms } = sheet;
    const now = await saidIn(sheet);
    const fingerprint = printOf(
      [...now.values()]
        .map(({ print }) => print)
        .sort()
        .join(),
    );
    const written = this.#journal.sheet(id);
    const isOther = written?.madeOf !== madeOf;
    const mark = (): void => this.#journal.written(id, { madeOf, fingerprint }, isOther ? stale : []);
    if (written?.fingerprint === fingerprint) {
      if (isOther) mark();
      return;
    }
    const before = this.#known.get(id);
    this.#known.delete(id);
    const there =
      before === undefined ? await this.#influx.there(realms) : [...before.values()].map(({ key }) => key);
    const said = [...now].filter(([name, { print }]) => before?.get(name)?.print !== print);
    const gone = there.filter((key) => !now.has(nameOf(key)));
    this.#journal.begun(id);
    await this.#influx.write([...said.map(([, { line }]) => line), ...gone.map(goneLine)]);
    mark();
    if (now.size > fewPoints) this.#remember(id, now);
  }

  #remember(id: string, now: ReadonlyMap<string, Said>): void {
    this.#known.set(id, new Map([...now].map(([name, { key, print }]) => [name, { key, print }])));
    let points = [...this.#known.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [oldest, { size }] of this.#known) {
      if (points <= mostKnown) return;
      this.#known.delete(oldest);
      points -= size;
    }
  }
}

/** The points of a sheet by their names, made in slices. */
async function saidIn({ points }: Sheet): Promise<ReadonlyMap<string, Said>> {
  const said = new Map<string, Said>();
  let next = 0;
  await inSlices((enough) => {
    for (; next < points.length && !enough(); next += 1) {
      const point = points[next];
      if (point === undefined) continue;
      const key = conclusionKey(point.measurement, point.tags, point.time);
      const line = conclusionLine(point);
      said.set(nameOf(key), { key, line, print: printOf(line) });
    }
    return next < points.length;
  });
  return said;
}

function nameOf({ head, time }: ConclusionKey): string {
  return `${head} ${time}`;
}

function printOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}
