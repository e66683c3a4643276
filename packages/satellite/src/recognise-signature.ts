import { median, scatter, smoothed } from './scatter.ts';
import {
  type Doubt,
  signatureLimits as limits,
  type SignalReading,
  type Signature,
  type SignatureEvidence,
  type SignatureKind,
} from './signature.ts';
import type { SunOutage } from './sun-outages.ts';

/** What is known beside the readings. */
export type SignatureContext = Readonly<{
  /** The C/N in dB at which this receiver loses lock: the threshold of its MODCOD, and its losses. */
  thresholdDb?: number;
  /** Predicted for this antenna. */
  sunOutages?: readonly Pick<SunOutage, 'begin' | 'end'>[];
}>;

/**
 * What a series of readings of one receiver looks like. Rain and the Sun make C/N fall slowly, in many small steps; a dish
 * that was moved makes it drop between two readings and stay lower; a cable or an LNB cuts it off. The series should begin
 * before the trouble. Readings may come in any order and more than once. Where several things happen, the first loss
 * of lock counts, and without one the deepest fall.
 * @returns what was seen, how sure that is and by which evidence; `unknown` with its reason where that does not suffice
 */
export function recogniseSignature(
  readings: readonly SignalReading[],
  context: SignatureContext = {},
): Signature {
  const byTime = new Map(readings.map((reading) => [reading.time, reading]));
  const series = [...byTime.values()].sort((a, b) => a.time - b.time);
  const view = viewOf(series, context);
  const verdict = 'doubt' in view ? view : verdictOn(view, context);
  const evidence = evidenceOf(series, view);
  return 'doubt' in verdict
    ? { kind: 'unknown', certainty: 'none', doubt: verdict.doubt, evidence }
    : { ...verdict, evidence };
}

type Doubtful = Readonly<{ doubt: Doubt }>;
type Verdict = Readonly<{ kind: SignatureKind; certainty: 'high' | 'low' }> | Doubtful;
type Located = Readonly<{ time: number; cnDb: number }>;

/** A series, reduced to what the verdict needs. */
type View = Readonly<{
  clearDb: number;
  noiseDb: number;
  /** From how many dB on a fall is one. */
  fallLimitDb: number;
  /** C/N until the loss of lock, smoothed. */
  course: readonly Located[];
  fall: Fall;
  /** The first reading without lock, and how many there are in a row. */
  lost?: Readonly<{ time: number; readings: number }>;
  recovered: boolean;
  lastTime: number;
}>;

/** The way from the clear level down. */
type Fall = Readonly<{
  since: number;
  until: number;
  depthDb: number;
  /** Readings between the two. */
  onTheWay: number;
  /** The largest drop between two neighbours. */
  steepest: Readonly<{ dropDb: number; inS: number; time: number }>;
}>;

function viewOf(series: readonly SignalReading[], { thresholdDb }: SignatureContext): View | Doubtful {
  if (series.length < limits.leastReadings) return { doubt: 'few-readings' };
  const lostAt = series.findIndex(({ locked }) => !locked);
  const run = series.slice(0, lostAt === -1 ? undefined : lostAt).flatMap(withCn);
  const start = run.slice(0, limits.clearReadings).map(({ cnDb }) => cnDb);
  const clearDb = median(start);
  if (start.length < limits.clearReadings || clearDb <= (thresholdDb ?? Number.NEGATIVE_INFINITY))
    return { doubt: 'no-clear-start' };
  const cn = run.map(({ cnDb }) => cnDb);
  const noiseDb = scatter(cn, limits.displayDb);
  if (noiseDb > limits.noiseDb) return { doubt: 'noisy' };
  if (start.some((cnDb) => Math.abs(cnDb - clearDb) > Math.max(limits.clearDb, 4 * noiseDb)))
    return { doubt: 'no-clear-start' };
  const fallLimitDb = Math.max(limits.fallDb, limits.fallDeviations * noiseDb);
  const course = smoothed(cn).map((cnDb, index) => ({ time: run[index]?.time ?? 0, cnDb }));
  const lost = lossAt(series, lostAt);
  // A lost lock is a reading as well: C/N has come down to the threshold by then, where that is known.
  const bottom = lost && thresholdDb !== undefined ? [{ time: lost.time, cnDb: thresholdDb }] : [];
  return {
    clearDb,
    noiseDb,
    fallLimitDb,
    course,
    fall: fallIn([...course, ...bottom], clearDb, Math.max(0.3, 2 * noiseDb), lost !== undefined),
    ...(lost && { lost }),
    recovered: isBack(series, clearDb - fallLimitDb / 2),
    lastTime: series.at(-1)?.time ?? 0,
  };
}

function withCn({ time, cnDb }: SignalReading): Located[] {
  return cnDb === undefined || !Number.isFinite(cnDb) ? [] : [{ time, cnDb }];
}

function lossAt(series: readonly SignalReading[], at: number): View['lost'] {
  const first = series[at];
  if (first === undefined) return undefined;
  const back = series.findIndex(({ locked }, index) => index > at && locked);
  return { time: first.time, readings: (back === -1 ? series.length : back) - at };
}

/** Whether the last three readings are locked and above a level. */
function isBack(series: readonly SignalReading[], levelDb: number): boolean {
  return series.slice(-3).every(({ locked, cnDb }) => locked && cnDb !== undefined && cnDb >= levelDb);
}

/**
 * @param toleranceDb how far from a level counts as on it
 * @param toTheEnd whether the fall ends with the course, or where that is lowest
 */
function fallIn(course: readonly Located[], clearDb: number, toleranceDb: number, toTheEnd: boolean): Fall {
  const lowestDb = Math.min(...course.map(({ cnDb }) => cnDb));
  const lowest = toTheEnd ? course.length - 1 : course.findIndex(({ cnDb }) => cnDb === lowestDb);
  const onset = Math.max(
    0,
    course.findLastIndex(({ cnDb }, index) => index <= lowest && cnDb >= clearDb - toleranceDb),
  );
  const arrived = course.findIndex(({ cnDb }, index) => index >= onset && cnDb <= lowestDb + toleranceDb);
  const way = course.slice(onset, (toTheEnd ? lowest : arrived) + 1);
  const drops = way.slice(1).map(({ time, cnDb }, index) => {
    const before = way[index] ?? { time, cnDb };
    return { dropDb: before.cnDb - cnDb, inS: time - before.time, time };
  });
  const [from, to] = [course[onset], way.at(-1)];
  return {
    since: from?.time ?? 0,
    until: to?.time ?? 0,
    depthDb: clearDb - (to?.cnDb ?? clearDb),
    onTheWay: Math.max(0, way.length - 2),
    steepest: drops.reduce((a, b) => (b.dropDb > a.dropDb ? b : a), { dropDb: 0, inS: 1, time: 0 }),
  };
}

function verdictOn(view: View, context: SignatureContext): Verdict {
  const { fall, fallLimitDb, lost, recovered } = view;
  if (lost && lost.readings < limits.lostReadings) return { doubt: recovered ? 'passing' : 'just-happened' };
  if (fall.depthDb < fallLimitDb) {
    if (lost === undefined)
      return { kind: 'steady', certainty: view.course.length >= limits.steadyReadings ? 'high' : 'low' };
    if (context.thresholdDb !== undefined) return { doubt: 'neither-slow-nor-sudden' };
    return lost.time - fall.since <= limits.closeS
      ? { kind: 'cabling', certainty: 'low' }
      : { doubt: 'readings-far-apart' };
  }
  const { dropDb, inS } = fall.steepest;
  const share = dropDb / fall.depthDb;
  if (share >= limits.suddenShare) return suddenly(view, dropDb / inS);
  const steep = dropDb >= fallLimitDb && dropDb / inS > limits.suddenDbPerS;
  if (steep || share > limits.slowShare || fall.onTheWay < limits.slowReadings)
    return { doubt: fall.onTheWay < limits.slowReadings ? 'readings-far-apart' : 'neither-slow-nor-sudden' };
  return slowly(view, share, context);
}

function slowly(
  { fall, recovered, lastTime }: View,
  share: number,
  { sunOutages = [] }: SignatureContext,
): Verdict {
  const high = fall.onTheWay >= limits.slowReadingsHigh && share <= limits.slowShareHigh;
  const certainty = high ? 'high' : 'low';
  const { sunS } = limits;
  const bySun = sunOutages.some(
    ({ begin, end }) =>
      begin - sunS <= fall.until && fall.until <= end + sunS && (recovered || lastTime <= end + 2 * sunS),
  );
  if (bySun) return { kind: 'sun-outage', certainty };
  const lastsS = (recovered ? fall.until : lastTime) - fall.since;
  return lastsS > limits.rainS ? { doubt: 'longer-than-rain' } : { kind: 'rain-fade', certainty };
}

function suddenly({ fall, fallLimitDb, lost, recovered, course, noiseDb }: View, dbPerS: number): Verdict {
  if (dbPerS <= limits.fastDbPerS) return { doubt: 'readings-far-apart' };
  const certainty = dbPerS > limits.suddenDbPerS ? 'high' : 'low';
  if (lost?.time === fall.steepest.time) return { kind: 'cabling', certainty: recovered ? 'low' : certainty };
  const after = course.filter(({ time }) => time >= fall.steepest.time).map(({ cnDb }) => cnDb);
  if (recovered) return { doubt: 'passing' };
  if (after.length < limits.stayReadings) return { doubt: 'just-happened' };
  const stays = Math.max(...after) - Math.min(...after) < Math.max(fallLimitDb, 6 * noiseDb);
  if (!stays) return { doubt: 'neither-slow-nor-sudden' };
  return { kind: 'pointing', certainty: lost ? 'low' : certainty };
}

function evidenceOf(series: readonly SignalReading[], view: View | Doubtful): SignatureEvidence {
  const lockLost = series.some(({ locked }) => !locked);
  if ('doubt' in view) return { readings: series.length, lockLost, recovered: false };
  const { clearDb, noiseDb, fall, recovered } = view;
  return {
    readings: series.length,
    clearDb,
    noiseDb,
    ...(fall.depthDb >= view.fallLimitDb && {
      fallDb: fall.depthDb,
      fallS: fall.until - fall.since,
      since: fall.since,
    }),
    lockLost,
    recovered,
  };
}
