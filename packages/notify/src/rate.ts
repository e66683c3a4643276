/** So many sends in any span of so many seconds. */
export type RateLimit = Readonly<{ sends: number; withinS: number }>;

/**
 * When the next send keeps every limit. A send counts at the moment when the robot may have counted it at the latest: when it
 * answered, or when we would have stopped waiting for it. So no delay on the way can push more into a span than is allowed.
 * @param sends moments of earlier sends in seconds, in order
 * @returns seconds; `now` where nothing is in the way
 */
export function nextAllowed(limits: readonly RateLimit[], sends: readonly number[], now: number): number {
  return limits.reduce((allowed, limit) => {
    const first = sends.at(-limit.sends);
    // Just after: a robot that counts both ends of the span must not see one too many.
    return first === undefined ? allowed : Math.max(allowed, first + limit.withinS + 0.001);
  }, now);
}

/** Seconds after which no limit asks for a send any more. */
export function longestSpan(limits: readonly RateLimit[]): number {
  return Math.max(0, ...limits.map(({ withinS }) => withinS));
}
