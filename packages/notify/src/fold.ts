import type { Notice } from '@tongtang/model/notice';

/** A notice that waits for a channel. */
export type Waiting = Readonly<{
  /** Of the message that waits. */
  id: number;
  route: string;
  notice: Notice;
  /** The channel has been told of this incident before. */
  heard: boolean;
  /** It was being sent when the process ended: it may have arrived. */
  again: boolean;
  /** A digest with it was refused: it may be the reason, and must not take others with it. */
  alone: boolean;
}>;

/** What one incident has to say to one channel now. */
export type Fold = Readonly<{
  /** `missed`: it came and went, and nobody could be told in between. */
  says: 'opened' | 'updated' | 'resolved' | 'missed';
  /** The newest. */
  notice: Notice;
  again: boolean;
  alone: boolean;
  /** All that this speaks for. */
  waiting: readonly Waiting[];
}>;

/** Folds what waits into one thing to say for each incident, in the order in which they came up. Nothing is left out. */
export function foldByIncident(waiting: readonly Waiting[]): Fold[] {
  const incidents = Map.groupBy(waiting, ({ notice }) => notice.incident);
  return [...incidents.values()].flatMap((ofOne) => {
    const inOrder = ofOne.toSorted((a, b) => a.notice.step - b.notice.step);
    const newest = inOrder.at(-1);
    if (newest === undefined) return [];
    // One that opens again is news too.
    const isNews = inOrder.some(({ heard, notice }) => !heard || notice.kind === 'opened');
    const { notice } = newest;
    const over = notice.kind === 'resolved';
    const says = over ? (isNews ? 'missed' : 'resolved') : isNews ? 'opened' : 'updated';
    const again = inOrder.some((each) => each.again);
    const alone = inOrder.some((each) => each.alone);
    return [{ says, notice, again, alone, waiting: inOrder }];
  });
}
