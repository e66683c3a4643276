import type { LessonSource } from '@tongtang/lessons/class-lessons';
import type { OutcomeOfLesson, SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import { tallyOf } from '@tongtang/lessons/delivery/minute-state';
import { outcomeOf } from '@tongtang/lessons/delivery/outcome';
import type { PlainDate } from '@tongtang/model/timetable';
import { type LessonView, type OutcomesParts, type SchoolView, schoolViews } from './school-view.ts';

export type { OutcomesParts } from './school-view.ts';

/**
 * What became of the lessons and links of a county on a day, school by school, from kept minutes. What is not settled yet is left out.
 * Nothing is kept of a school when the next is asked for.
 * @param wanted ids of schools; all where absent
 */
export function* outcomesBySchool(
  parts: OutcomesParts,
  source: LessonSource,
  date: PlainDate,
  wanted?: ReadonlySet<string>,
): Generator<SchoolDay> {
  for (const view of schoolViews(parts, source, date, wanted)) yield schoolDay(view);
}

/** The same of all schools at once. */
export function outcomesOfDay(
  parts: OutcomesParts,
  source: LessonSource,
  date: PlainDate,
  wanted?: ReadonlySet<string>,
): SchoolDay[] {
  return [...outcomesBySchool(parts, source, date, wanted)];
}

/** What a view of a school adds up to. */
export function schoolDay({ school, lessons, links, inLessons, known, inputs }: SchoolView): SchoolDay {
  return {
    school,
    lessons: lessons.map(outcomeOfLesson),
    links: [...links].map(([link, minutes]) => ({
      link,
      lessons: tallyOf(inLessons.map((at) => minutes[at] ?? 'unknown')),
      always: tallyOf(known < minutes.length ? minutes.slice(0, known) : minutes),
    })),
    inputs,
  };
}

export function outcomeOfLesson({ lesson, minutes, hitting }: LessonView): OutcomeOfLesson {
  return { ...lesson, ...outcomeOf(lesson, minutes, hitting) };
}
