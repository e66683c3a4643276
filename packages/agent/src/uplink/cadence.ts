/** How often batches are sent, in seconds: in and near lessons and while somebody looks, and at other times. */
export type Intervals = Readonly<{ closeS: number; restS: number }>;

/** Where the byte budget allows it. Per message TCP, TLS and MQTT outweigh the payload, hence the minute. */
export const closeEveryS = 10;
export const restEveryS = 60;

/**
 * One in so many batches of the present asks for a commit, and those between wait for the same one: a commit with what
 * acknowledges it costs more than a report. Three reports that wait fit one page of the outbox; with more of them each
 * would cost the disk twice as much.
 */
export const commitAfterBatches = 3;
/** However seldom batches are sent (clause C-10). */
export const commitEveryS = 180;

/** Seconds between commits where a batch is sent each so many. */
export function commitIntervalS(everyS: number): number {
  const batches = Math.min(commitAfterBatches, Math.floor(commitEveryS / everyS));
  return Math.max(1, batches) * everyS;
}

/** How the intervals are stretched when the byte budget runs short: first while nobody is taught. */
export const intervalLadder: readonly [Intervals, ...Intervals[]] = [
  { closeS: closeEveryS, restS: restEveryS },
  { closeS: 10, restS: 120 },
  { closeS: 10, restS: 300 },
  { closeS: 15, restS: 300 },
  { closeS: 20, restS: 300 },
  { closeS: 20, restS: 600 },
  { closeS: 30, restS: 600 },
  { closeS: 30, restS: 900 },
  { closeS: 60, restS: 900 },
];

/** Changes of several links that come together go together. Seconds. */
const togetherS = 1;

/** All times in seconds of one clock. */
export type CadenceState = Readonly<{
  nowS: number;
  lastSentS: number;
  /** A lesson is on or near. */
  lessonNear: boolean;
  /** When the next lesson comes near. */
  nextLessonS: number | undefined;
  /** Somebody looks at the classroom's page until then. */
  liveUntilS: number;
  /** From when on a link's change of state may be sent, where it was not yet. */
  changedS: number | undefined;
  intervals: Intervals;
}>;

/**
 * When the next batch is due (clause W-3). May be in the past: then now. Whoever looks at the page gets every 10 s
 * whatever the budget says: it is a person, and for some minutes.
 */
export function nextSendS(state: CadenceState): number {
  const { nowS, lastSentS, changedS, nextLessonS, intervals } = state;
  let due = lastSentS + (state.lessonNear ? intervals.closeS : intervals.restS);
  if (state.liveUntilS > nowS) due = Math.min(due, lastSentS + closeEveryS);
  if (nextLessonS !== undefined) due = Math.min(due, Math.max(nextLessonS, lastSentS + intervals.closeS));
  if (changedS !== undefined) due = Math.min(due, Math.max(changedS, lastSentS) + togetherS);
  return due;
}
