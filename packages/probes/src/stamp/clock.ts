/**
 * The clocks of a measurement, in milliseconds since 1970 with a resolution far below one.
 */

/** For the sender, whose differences must be true: goes on evenly whatever becomes of the system's clock. */
export function steadyUnixMs(): number {
  return performance.timeOrigin + performance.now();
}

/** How far the two clocks may differ before the steady one is set again; `Date.now()` itself is up to 1 ms behind. */
const toleranceMs = 1.5;
/** A comparison that took longer was interrupted and says nothing. */
const readingMs = 0.2;

/** For the reflector, whose time others follow: as even as the steady clock, yet follows steps of the system's. */
export function followingClock(
  steady: () => number = steadyUnixMs,
  system: () => number = Date.now,
): () => number {
  let correctionMs = 0;
  return () => {
    const uncorrected = steady();
    const behindMs = system() + 0.5 - (uncorrected + correctionMs);
    if (Math.abs(behindMs) > toleranceMs && steady() - uncorrected < readingMs) correctionMs += behindMs;
    return uncorrected + correctionMs;
  };
}
