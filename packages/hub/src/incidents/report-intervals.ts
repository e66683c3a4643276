import type { Topology } from '@tongtang/incidents/topology';

/** What agents report by where their budget allows it: in lessons each 10 s, at other times once a minute. Seconds. */
const wanted = { closeS: 10, restS: 60 } as const;
/** The default budget is what a day of eight lessons takes with such reports; of a smaller one the interval goes with its inverse. */
const usual = { bytesPerDay: 1_200_000, closeS: wanted.closeS } as const;
/** Agents stretch the time outside lessons first, where a day has more to tell; with so much none has to. */
const ample = 1.5 * usual.bytesPerDay;
/** Seconds. */
const stretchedRestS = 300;

/**
 * How often agents report on average, as far as the budget says it (`bytesPerDay`; docs/architecture.md has the sum). How long one takes
 * at present is seen from what it sends.
 */
export function reportIntervals(bytesPerDay: number): Pick<Topology, 'closeReportS' | 'restReportS'> {
  const closeReportS = Math.max(wanted.closeS, (usual.closeS * usual.bytesPerDay) / bytesPerDay);
  return { closeReportS, restReportS: bytesPerDay < ample ? stretchedRestS : wanted.restS };
}
