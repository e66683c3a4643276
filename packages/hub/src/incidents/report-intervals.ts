import type { Topology } from '@tongtang/incidents/topology';

/** What agents report by where their budget allows it: in lessons each 10 s, at other times once a minute. Seconds. */
const wanted = { closeS: 10, restS: 60 } as const;
/** With the default budget reports in lessons are 18 s apart on average; the interval goes with the inverse of the budget. */
const usual = { bytesPerDay: 1_200_000, closeS: 18 } as const;
/** Agents stretch the time outside lessons first. Seconds. */
const stretchedRestS = 300;

/**
 * How often agents report on average, as far as the budget says it (`bytesPerDay`; docs/architecture.md has the sum). How long one takes
 * at present is seen from what it sends.
 */
export function reportIntervals(bytesPerDay: number): Pick<Topology, 'closeReportS' | 'restReportS'> {
  const closeReportS = Math.max(wanted.closeS, (usual.closeS * usual.bytesPerDay) / bytesPerDay);
  return { closeReportS, restReportS: closeReportS > wanted.closeS ? stretchedRestS : wanted.restS };
}
