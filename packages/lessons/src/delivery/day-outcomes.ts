import type { LinkKind } from '@tongtang/model/link';
import type { ClassLesson } from '../class-lessons.ts';
import type { Tally } from './minute-state.ts';
import type { LessonOutcome } from './outcome.ts';

/** A lesson that is over, and what became of it. */
export type OutcomeOfLesson = ClassLesson & LessonOutcome;

/** A link of a school on a day: all of it, and what of it lay in the school's lessons. */
export type LinkOfDay = Readonly<{ link: LinkKind; lessons: Tally; always: Tally }>;

/** What became of the lessons and links of a school on a day. The hub makes it, reports add it up. */
export type SchoolDay = Readonly<{
  school: string;
  lessons: readonly OutcomeOfLesson[];
  links: readonly LinkOfDay[];
  /** Agents whose minutes it was made of, with the revision and fingerprint of these. */
  inputs: readonly Readonly<{ agent: string; revision: number; fingerprint: string }>[];
}>;
