/**
 * Where this machine's clocks stood when a sample was taken, for samples taken before hub time is known.
 */
export type Moment = Readonly<{
  /** Names the span in which monotonic times compare: the operating system's boot; another one after a suspend. */
  boot: string;
  /** The system's monotonic clock (`process.hrtime`), not one that starts with the process. */
  monotonicMs: number;
  /** The wall clock, right or wrong; milliseconds since 1970. */
  wallMs: number;
}>;

/** How this machine's clocks stand to hub time, once they do. All in milliseconds. */
export type TimeReference = Readonly<{
  /** The span in which `hubMinusMonotonicMs` holds. */
  boot: string;
  /** Hub time since 1970 minus the monotonic clock. */
  hubMinusMonotonicMs: number;
  /** Hub time minus the wall clock as it is now. */
  hubMinusWallMs: number;
}>;

/**
 * Hub time of a moment in whole seconds: by the monotonic clock within the same span, else by the wall clock and how
 * wrong that is now.
 */
export function hubSeconds(moment: Moment, reference: TimeReference): number {
  const ms =
    moment.boot === reference.boot
      ? moment.monotonicMs + reference.hubMinusMonotonicMs
      : moment.wallMs + reference.hubMinusWallMs;
  // The wire has room for 0 to 9,999,999,999: a wall clock that is beyond any sense must not make a batch unreadable.
  return Math.min(Math.max(Math.floor(ms / 1000), 0), 9_999_999_999);
}
