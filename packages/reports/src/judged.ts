import type { Share } from '@tongtang/lessons/delivery/minute-state';
import { judgedPercent } from '@tongtang/lessons/delivery/outcome';
import { compareShares, differenceOf } from './share.ts';

type Known = Readonly<{ availability: Share; coverage: Share }>;

/** Whether enough of something is known for it to be judged: as much as of a lesson. */
export function isJudged({ coverage: { part, of } }: Pick<Known, 'coverage'>): boolean {
  return part > 0 && part * 100 >= judgedPercent * of;
}

/** Availability less that of the period before; undefined where one of both cannot be judged. */
export function trendOf(now: Known, before: Known): Share | undefined {
  return isJudged(now) && isJudged(before) ? differenceOf(now.availability, before.availability) : undefined;
}

/** Both must be known. */
export function meets(availability: Share, objective: Share): boolean {
  return compareShares(availability, objective) >= 0;
}
