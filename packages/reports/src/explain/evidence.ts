import type { Share } from '@tongtang/lessons/delivery/minute-state';
import type { Run, TracedDay, TracedLesson, Witness } from '@tongtang/lessons/delivery/trace';
import type { LinkKind } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Figure } from '../figures.ts';
import type { IncidentRow } from '../report.ts';

/**
 * What a piece of evidence adds to its figure, in whole numbers: to a count `part` alone, to a ratio both. What all pieces add is the figure,
 * but for those that are made of other figures.
 */
export type Adds = Share;

/** One thing behind a figure. */
export type Evidence = Readonly<{ adds: Adds }> &
  (
    | Readonly<{
        kind: 'lesson';
        lesson: Pick<
          TracedLesson,
          | 'school'
          | 'class'
          | 'classroom'
          | 'date'
          | 'period'
          | 'start'
          | 'end'
          | 'subject'
          | 'mode'
          | 'state'
          | 'cancelled'
        >;
        runs: readonly Run[];
        witnesses: readonly Witness[];
      }>
    | Readonly<{
        kind: 'link';
        school: string;
        link: LinkKind;
        date: PlainDate;
        runs: readonly Run[];
        witnesses: readonly Witness[];
      }>
    | Readonly<{ kind: 'incident'; incident: IncidentRow }>
    /** A school or a class that was judged, or could not be. */
    | Readonly<{ kind: 'place'; name: Text; availability: Share; coverage: Share }>
    /** A day of a school, and the agents of which it has minutes. */
    | Readonly<{ kind: 'day'; date: PlainDate; agents: readonly string[] }>
    | Readonly<{ kind: 'agent'; agent: string }>
    /** Another figure that it is made of, which can be asked for in its turn. */
    | Readonly<{ kind: 'figure'; figure: Figure }>
    /** What was set and not measured. */
    | Readonly<{ kind: 'setting'; value: Share }>
  );

/** Schools of a period on one day, as a report adds them up, with their minutes. */
export type TracedSlice = Readonly<{ date: PlainDate; schools: readonly TracedDay[] }>;

/** Only this school or this day is asked for, where it is said. */
export type Wanted = Readonly<{ school?: string; date?: PlainDate }>;

/** Reads a period again, with what is behind its figures. */
export type Reread = (wanted: Wanted) => AsyncIterable<TracedSlice>;
