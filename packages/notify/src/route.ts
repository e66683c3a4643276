import { type Notice, severities } from '@tongtang/model/notice';
import { firstOutside, isWithin, wallTime } from './day-time.ts';
import type { NotifySettings, Route } from './notify-file.ts';

/** Lessons that begin within this are at risk now: what incidents look ahead, too. Seconds. */
export const riskAheadS = 7200;

/** Where a notice goes, and by which route: the first that leads there. */
export type Way = Readonly<{ channel: string; route: string }>;

/** Where a notice goes at a moment; each channel once, however many routes lead there. */
export function waysOf({ routes }: Pick<NotifySettings, 'routes'>, notice: Notice, now: number): Way[] {
  const ways = new Map<string, Way>();
  for (const route of routes)
    if (leadsOut(route, notice, now))
      for (const channel of route.to)
        if (!ways.has(channel)) ways.set(channel, { channel, route: route.name });
  return [...ways.values()];
}

function leadsOut(route: Route, notice: Notice, now: number): boolean {
  const { counties, clusters, schools, severity = 'info', hours = {} } = route;
  return (
    (counties === undefined || counties.includes(notice.county.id)) &&
    (clusters === undefined || touchesCluster(notice, clusters)) &&
    (schools === undefined || touchesSchool(notice, schools)) &&
    severities.indexOf(notice.severity) >= severities.indexOf(severity) &&
    isWithin(hours, wallTime(now, notice.county.timezone))
  );
}

/** What is wider than a cluster is the cluster's business too. */
function touchesCluster({ cluster, school }: Notice, clusters: readonly string[]): boolean {
  return cluster === undefined ? school === undefined : clusters.includes(cluster.id);
}

/** What is wider than a school is the school's business where it takes its lessons, or takes nobody's. */
function touchesSchool({ school, lessons }: Notice, schools: readonly string[]): boolean {
  if (school !== undefined) return schools.includes(school.id);
  return lessons.length === 0 || lessons.some((lesson) => schools.includes(lesson.school.id));
}

/**
 * When a notice may go out: at once, or when quiet hours end, or when a lesson comes near that it is about.
 * @returns seconds since 1970
 */
export function mayGoFrom(route: Pick<Route, 'quiet'>, notice: Notice, now: number): number {
  const quietUntil = firstOutside(route.quiet ?? [], now, notice.county.timezone) ?? now;
  const nextAtRisk = Math.min(
    ...notice.lessons.filter(({ end }) => end > now).map(({ start }) => start - riskAheadS),
  );
  return Math.max(now, Math.min(quietUntil, nextAtRisk));
}

/** Whether a lesson is on, or near, that the notice is about. */
export function isLessonAtRisk({ lessons }: Notice, now: number): boolean {
  return lessons.some(({ start, end }) => end > now && start - riskAheadS <= now);
}
