/**
 * 5,000 agents are back within 42 s on a slow machine. What goes on for much longer is no county that comes back: it is agents whose lines come
 * and go by hundreds, say, or a store that is slow.
 */
const longestMs = 120_000;
/** Whoever waits looks twice a second: where nobody looked for longer than this, nobody waited. */
const lookMs = 1000;

/**
 * What can wait gives way to what is urgent. When it has done so for two minutes, less the time in which it could go on meanwhile, it has the
 * next two minutes for itself. So however long something is urgent, all else goes on for half of the time.
 * @returns whether what can wait has to wait just now
 */
export function precedence(isUrgent: () => boolean): () => boolean {
  /** For how long it gave way, less what it could go on meanwhile. */
  let gaveWayMs = 0;
  let gives = false;
  let lookedMs = performance.now();
  let freeUntilMs = Number.NEGATIVE_INFINITY;

  return () => {
    const now = performance.now();
    if (now < freeUntilMs) return false;
    const sinceMs = now - lookedMs;
    gaveWayMs = gives ? gaveWayMs + Math.min(sinceMs, lookMs) : Math.max(0, gaveWayMs - sinceMs);
    lookedMs = now;
    gives = isUrgent();
    if (gives && gaveWayMs >= longestMs) {
      gaveWayMs = 0;
      gives = false;
      freeUntilMs = now + longestMs;
    }
    return gives;
  };
}
