import type { LessonSource } from '@tongtang/lessons/class-lessons';
import { seeingOf } from '@tongtang/lessons/delivery/lesson-needs';
import { lessonRuns, linkRuns, type TracedDay, type Witness } from '@tongtang/lessons/delivery/trace';
import type { LinkKind } from '@tongtang/model/link';
import type { PlainDate } from '@tongtang/model/timetable';
import { outcomeOfLesson, schoolDay } from './outcomes.ts';
import {
  type LessonView,
  type OutcomesParts,
  type SchoolView,
  type Seen,
  schoolViews,
} from './school-view.ts';

/** What became of a day, as `outcomesBySchool` has it, with the minutes that it was counted from and who saw them. */
export function* tracedBySchool(
  parts: OutcomesParts,
  source: LessonSource,
  date: PlainDate,
  wanted?: ReadonlySet<string>,
): Generator<TracedDay> {
  for (const view of schoolViews(parts, source, date, wanted)) yield traced(view);
}

function traced(view: SchoolView): TracedDay {
  const { lessons, agents, links, inLessons, known, day } = view;
  const { start } = day;
  const settled = Array.from({ length: known }, (_, at) => at);
  const summed = schoolDay(view);
  return {
    ...summed,
    lessons: lessons.map((one) => ({
      ...outcomeOfLesson(one),
      runs: lessonRuns({ ...one, start: one.lesson.start }, one, one.hitting),
      witnesses: witnessesOf(one, agents),
    })),
    links: summed.links.map((one) => {
      const minutes = links.get(one.link) ?? [];
      return {
        ...one,
        runs: { lessons: linkRuns(minutes, inLessons, start), always: linkRuns(minutes, settled, start) },
        witnesses: seeingOf(one.link, agents).map(({ agent }) => ({ agent, links: [one.link] })),
      };
    }),
  };
}

/** The agents of its classroom, and where those did not see what it needs, those that its school's own links are judged by. */
function witnessesOf({ needs, own, view }: LessonView, agents: readonly Seen[]): Witness[] {
  const witnesses = new Map<string, Set<LinkKind>>(own.map(({ agent }) => [agent, new Set(needs)]));
  for (const link of needs) {
    const seen = view.classroom.flatMap(({ links }) => links.get(link) ?? []);
    if (own.length === 1 && seen.length > 0 && !seen.includes('unknown')) continue;
    for (const { agent } of seeingOf(link, agents))
      witnesses.set(agent, (witnesses.get(agent) ?? new Set()).add(link));
  }
  return [...witnesses].map(([agent, links]) => ({ agent, links: [...links] }));
}
