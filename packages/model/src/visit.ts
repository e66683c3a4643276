import type { Text } from './text.ts';
import type { PlainDate } from './timetable.ts';

/** What a county's people do beside the lessons and keep book of, in the order of its "1234" practice. */
export const visitKinds = ['first', 'inspection', 'research', 'service'] as const;
export type VisitKind = (typeof visitKinds)[number];

export const visitTitles: Readonly<Record<VisitKind, Text>> = {
  first: { zh: '服务商首访', en: "provider's first visit" },
  inspection: { zh: '督导检查', en: 'inspection visit' },
  research: { zh: '教研活动', en: 'teaching-research activity' },
  service: { zh: '服务走访', en: 'service visit' },
};

/** For how long a target is set. A year is a school year: terms are parts of it, and a calendar year would cut one. */
export const targetSpans = ['term', 'year'] as const;
export type TargetSpan = (typeof targetSpans)[number];

export const spanOfKind: Readonly<Record<VisitKind, TargetSpan>> = {
  first: 'term',
  inspection: 'year',
  research: 'year',
  service: 'term',
};

/** How many of each kind a school is to have in its span. */
export type VisitTargets = Readonly<Record<VisitKind, number>>;

/** The "1234": one first visit and four service visits a term, two inspections and three activities a school year. */
export const usualTargets: VisitTargets = { first: 1, inspection: 2, research: 3, service: 4 };

/** What is entered of a visit or activity: it was held, at one school, on one day. */
export type VisitEntry = Readonly<{ school: string; date: PlainDate; kind: VisitKind; note: string }>;

/** An entry of the register, with whose it is. Times are seconds since 1970. */
export type Visit = VisitEntry &
  Readonly<{
    id: string;
    enteredBy: string;
    enteredAt: number;
    /** By whom and when it was corrected last. */
    changedBy?: string;
    changedAt?: number;
  }>;
