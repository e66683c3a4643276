/** A lesson is checked when so much is left, and again with the last of them. Seconds. */
export const checkedBeforeS = { first: 900, last: 300 } as const;

/** Which check of a lesson it is now; undefined where it is too early, or the lesson is on. */
export function checkNow(start: number, now: number): keyof typeof checkedBeforeS | undefined {
  const left = start - now;
  if (left <= 0 || left > checkedBeforeS.first) return undefined;
  return left <= checkedBeforeS.last ? 'last' : 'first';
}

/**
 * Whether a lesson is to be checked now. What was missed while the hub was down is made up for until the lesson begins.
 * @param checkedAt when it was checked last, if ever; all in hub time in seconds
 */
export function isDue(start: number, checkedAt: number | undefined, now: number): boolean {
  const check = checkNow(start, now);
  if (check === undefined) return false;
  return checkedAt === undefined || checkedAt < start - checkedBeforeS[check];
}
