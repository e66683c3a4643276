import { Reports } from '@tongtang/wire/report.fixture';

/** Seconds from one report of a classroom to the next. */
export const reportEveryS = 10;

/** What a classroom measured while it had no hub. */
export type Backlog = Readonly<{
  batches: number;
  reportsPerBatch: number;
  /** Time of the newest report, hub time in seconds. */
  untilS: number;
}>;

/**
 * The lines of each batch, oldest first; the same for the same classroom and backlog.
 * @param classroom its number, from zero
 */
export function* backlogOf(
  classroom: number,
  { batches, reportsPerBatch, untilS }: Backlog,
): Generator<string[]> {
  const reports = new Reports(classroom, untilS - batches * reportsPerBatch * reportEveryS);
  for (let batch = 0; batch < batches; batch += 1)
    yield Array.from({ length: reportsPerBatch }, () => reports.next()).flat();
}
