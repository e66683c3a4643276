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
}>;

/** A quartz clock goes wrong by ten seconds a day at worst, a clock of the network sets it right by as much. */
const strayMs = { least: 10_000, perMs: 1e-4 } as const;
/** Clocks are read one after the other. */
const readingMs = 1000;

/**
 * Hub time of a moment in whole seconds. Within the same span it follows from the monotonic clock. Else the wall clock
 * stands in, where it ran on through the machine's starts: it is as far off now as before that span (a dead battery, or
 * somebody who set it, shows in that), nobody set it in that span, and it tells a time between then and now.
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
  const { compared, last } = wall;
  const stray = strayMs.least + strayMs.perMs * Math.max(0, hubMs - compared.hubMs);
  const ranOn = Math.abs(hubMinusWallMs - compared.hubMinusWallMs) <= stray;
  const wasSet = Math.abs(startOf(moment) - startOf(last)) > stray;
  const ms = moment.wallMs + hubMinusWallMs;
  return ranOn && !wasSet && ms >= compared.hubMs - stray && ms <= hubMs ? wireSeconds(ms) : undefined;
}

/** When the span began, by its wall clock. */
function startOf({ wallMs, monotonicMs }: Moment): number {
  return wallMs - monotonicMs;
}

/** The wire has room for 0 to 9,999,999,999: a hub's clock beyond any sense must not make a batch unreadable. */
function wireSeconds(ms: number): number {
  return Math.min(Math.max(Math.floor(ms / 1000), 0), 9_999_999_999);
}
