import type { JSX } from 'preact';
import type { Lesson } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { LessonState } from './lesson-state.tsx';

type LessonCellProps = Readonly<{
  lesson: Lesson;
  /** Said first, where no row says it. */
  of?: string;
  /** Where it begins at another time than its column. */
  clock?: string | undefined;
  open: (lesson: Lesson) => void;
}>;

/** A lesson as it stands on the board; opens what was found of it. */
export function LessonCell({ lesson, of, clock, open }: LessonCellProps): JSX.Element {
  const t = words.value;
  const { subject, mode, carrier, origin, cancelled } = lesson;
  return (
    <button
      type="button"
      class={cancelled ? 'lesson is-cancelled' : 'lesson'}
      aria-haspopup="dialog"
      onClick={() => open(lesson)}
    >
      {of !== undefined && <span class="lesson-of">{of}</span>}
      <span class="lesson-subject">
        {subject ?? t.lessons.noSubject}
        {(origin === 'swapped' || origin === 'made-up') && (
          <span class="lesson-origin">{t.lessons.origins[origin]}</span>
        )}
      </span>
      <span class="lesson-way">
        <span class={`lesson-mode is-${mode}`}>{t.modes[mode]}</span> {t.links[carrier]}
        {clock !== undefined && ` · ${clock}`}
      </span>
      <LessonState lesson={lesson} />
    </button>
  );
}
