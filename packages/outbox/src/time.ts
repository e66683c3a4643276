/** Where this machine's clocks stand. */
export type Clocks = Readonly<{
  /** The system's monotonic clock (`process.hrtime`), not one that starts with the process. */
  monotonicMs: number;
  /** The wall clock, right or wrong; milliseconds since 1970. */
  wallMs: number;
}>;

/** Where they stood when a sample was taken, for samples taken before hub time is known. */
export type Moment = Clocks &
  Readonly<{
    /** Names the span in which monotonic times compare: the operating system's boot; another one after a suspend. */
    boot: string;
  }>;

/** How this machine's clocks stand to hub time, once they do. All in milliseconds. */
export type TimeReference = Readonly<{
  /** The span in which `hubMinusMonotonicMs` holds. */
  boot: string;
  /** Hub time since 1970. */
  hubMs: number;
  /** Hub time minus the monotonic clock. */
  hubMinusMonotonicMs: number;
  /** Hub time minus the wall clock as it is now. */
  hubMinusWallMs: number;
}>;

/** What is known of the wall clock while an earlier span was under way. */
export type WallClock = Readonly<{
  /** When it was last compared to hub time before that span, and how far off it was then. */
  compared: Pick<TimeReference, 'hubMs' | 'hubMinusWallMs'>;
  /** The last moment of that span. */
  last: Moment;
  /** When the present span began, by the wall clock as it was first seen in it; absent where nobody looked. Milliseconds since 1970. */
  beganMs?: number;
}>;

/** A quartz clock goes wrong by ten seconds a day at worst, a clock of the network sets it right by as much. */
const strayMs = { least: 10_000, perMs: 1e-4 } as const;
/** Clocks are read one after the other. */
const readingMs = 1000;

/**
 * Hub time of a moment in whole seconds. Within the same span it follows from the monotonic clock. Else the wall clock
 * stands in, where it ran on through the machine's starts: when the present span began it was as far off as before that
 * one (a dead battery, or somebody who set it, shows in that), nobody set it in that span, and it tells a time between then and now.
 *
 * What cannot be seen: a clock that stood still without mains, and that the network set right before anybody looked, or in a span
 * in which hub time was never known. What was measured between comes as much too early as it stood.
 * @returns undefined where the time cannot be known
 */
export function hubSeconds(
  moment: Moment,
  reference: TimeReference,
  wall: WallClock | undefined,
): number | undefined {
  const { boot, hubMs, hubMinusMonotonicMs, hubMinusWallMs } = reference;
  if (moment.boot === boot) {
    const ms = moment.monotonicMs + hubMinusMonotonicMs;
    return ms <= hubMs + readingMs ? wireSeconds(ms) : undefined;
  }
  if (wall === undefined) return undefined;
  const { compared, last, beganMs } = wall;
  const hubMinusWallThenMs = beganMs === undefined ? hubMinusWallMs : hubMinusMonotonicMs - beganMs;
  const stray = strayMs.least + strayMs.perMs * Math.max(0, hubMs - compared.hubMs);
  const ranOn = Math.abs(hubMinusWallThenMs - compared.hubMinusWallMs) <= stray;
  const wasSet = Math.abs(startOf(moment) - startOf(last)) > stray;
  const ms = moment.wallMs + hubMinusWallThenMs;
  return ranOn && !wasSet && ms >= compared.hubMs - stray && ms <= hubMs ? wireSeconds(ms) : undefined;
}

/** When the span began, by its wall clock. */
export function startOf({ wallMs, monotonicMs }: Clocks): number {
  return wallMs - monotonicMs;
}

/** The wire has room for 0 to 9,999,999,999: a hub's clock beyond any sense must not make a batch unreadable. */
function wireSeconds(ms: number): number {
  return Math.min(Math.max(Math.floor(ms / 1000), 0), 9_999_999_999);
}
