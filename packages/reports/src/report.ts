import type { Share, Tally } from '@tongtang/lessons/delivery/minute-state';
import type { OutcomeState } from '@tongtang/lessons/delivery/outcome';
import type { Cause, Confidence, IncidentNode } from '@tongtang/model/incident';
import type { Mode } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Period } from './period.ts';
import type { Responsibility } from './responsibility.ts';
import type { VisitPart } from './visits.ts';

/** What a report is about. */
export type Scope = Readonly<{ kind: 'county' | 'cluster' | 'school'; id: string; name: Text }>;

/** What became of some lessons. Minutes are those of lessons that were not cancelled. */
export type Delivery = Readonly<{
  lessons: Readonly<Record<OutcomeState, number>>;
  minutes: Tally;
  availability: Share;
  coverage: Share;
}>;

/** How many of those that could be judged met the objective. */
export type Rate = Readonly<{ met: Share; unknown: number }>;

export type Figures = Readonly<{ minutes: Tally; availability: Share; coverage: Share }>;

export type SchoolRow = Delivery &
  Readonly<{
    school: string;
    name: Text;
    /** Absent where too little is known to rank it. Equal availability has equal rank. */
    rank?: number;
    before: Share;
    /** Its availability less that of the period before; absent where either cannot be judged. */
    trend?: Share;
  }>;

export type IncidentRow = Readonly<{
  id: string;
  /** Hub time in seconds; without `to` it goes on. */
  from: number;
  to?: number;
  node: IncidentNode;
  school?: Text;
  classroom?: Text;
  cause: Cause;
  confidence: Confidence;
  responsibility: Responsibility;
  /** Lessons of the period that lost minutes to it, and these minutes. */
  lessons: number;
  lostMinutes: number;
}>;

/**
 * All that a report says: whole numbers, and shares as two of them. Every format is written from it and from nothing else; the same inputs
 * give the same document.
 */
export type Report = Readonly<{
  version: 1;
  title: Text;
  /** Nobody measured this: it comes from a simulated county. */
  isSimulated: boolean;
  county: Readonly<{ id: string; name: Text; timezone: string }>;
  scope: Scope;
  period: Period;
  before: Period;
  objective: Share;
  inputs: Readonly<{
    /** Until when minutes were known, hub time in seconds; absent where nothing was. */
    settledTo?: number;
    /** Whether that is the whole period. */
    isComplete: boolean;
    /** Minutes of so many agents on so many days, and their fingerprint. */
    agentDays: number;
    minutes: string;
    /** Of incidents, inventory, timetable, the register of visits and the period before. */
    incidents: string;
    inventory: string;
    timetable: string;
    visits: string;
    before: string;
  }>;
  rates: Readonly<{ schools: Rate; classes: Rate; platforms: Rate }>;
  lessons: Delivery;
  lessonsBefore: Delivery;
  modes: readonly (Delivery & Readonly<{ mode: Mode }>)[];
  /** Of the objective, in minutes. What is left may be below 0. */
  budget: Readonly<{ allowed: Share; used: number; left: Share; leftOfAllowed: Share }>;
  repair: Readonly<{
    incidents: number;
    /** Those that took lesson minutes. */
    taking: number;
    /** Minutes from begin to end, of those that began in the period and are over. */
    mttr: Share;
    /** Hours of lessons that worked, for each incident that took lesson minutes. */
    mtbf: Share;
  }>;
  lost: readonly Readonly<{
    responsibility: Responsibility;
    cause: Cause;
    minutes: number;
    lessons: number;
  }>[];
  responsibilities: readonly Readonly<{ responsibility: Responsibility; minutes: number }>[];
  /** By the hour in which lessons began, by the county's clock. */
  hours: readonly (Delivery & Readonly<{ hour: number }>)[];
  /** The hours in which most was lost, the worst first. */
  worst: readonly Readonly<{ date: PlainDate; hour: number; lessons: number; lostMinutes: number }>[];
  days: readonly (Delivery & Readonly<{ date: PlainDate }>)[];
  schools: readonly SchoolRow[];
  classes: readonly (Delivery & Readonly<{ school: string; class: string; name: Text }>)[];
  links: readonly Readonly<{
    school: string;
    name: Text;
    link: LinkKind;
    lessons: Figures;
    always: Figures;
  }>[];
  incidents: readonly IncidentRow[];
  completeness: readonly Readonly<{
    school: string;
    name: Text;
    /** Days with minutes of any agent, of those that have begun. */
    days: Share;
    agents: number;
    coverage: Share;
    unknownLessons: number;
  }>[];
  visits: VisitPart;
  method: readonly Text[];
}>;
