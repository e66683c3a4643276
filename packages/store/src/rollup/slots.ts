import { retention } from '../telemetry.ts';

/**
 * Rollups are made slot by slot: a slot is closed some time after its end and rolled up for all series at once; what
 * arrives for a closed slot is late and marks it to be made again. Ten minutes, because a row of minutes then costs
 * one page written for ten of them.
 */
export const slotS = 600;

/** A slot stays open so long after its end: agents send at least once a minute, and may need a second try. */
export const lateAfterS = 120;

/** The start of the slot that holds a time. */
export function slotOf(time: number): number {
  return time - (time % slotS);
}

/** Slots that end at or before this are closed. */
export function closedTo(nowS: number): number {
  return slotOf(nowS - lateAfterS);
}

/** The oldest time that is still accepted: the first slot that lies in the retention of raw points as a whole. */
export function acceptedFrom(nowS: number): number {
  return Math.ceil((nowS - retention.rawS) / slotS) * slotS;
}

/** Why a point before {@link acceptedFrom} is refused. */
export const tooOld = `older than ${retention.rawS / 86_400} days`;
