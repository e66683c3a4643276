import type { JSX } from 'preact';
import type { Lesson, OutcomeState, ReadinessState } from '../api/answers.ts';
import { type ShownState, StateIcon } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { words } from '../language/language.ts';

const shapes: Readonly<Record<ReadinessState, ShownState>> = {
  ready: 'good',
  unknown: 'unknown',
  'at-risk': 'degraded',
  'not-ready': 'down',
};

/** The shape of a state, without its word. */
export function ReadinessIcon({ state }: { state: ReadinessState }): JSX.Element {
  return <StateIcon state={shapes[state]} />;
}

/** The shape and the word. */
export function ReadinessMark({ state }: { state: ReadinessState }): JSX.Element {
  return (
    <span class={`state is-${shapes[state]}`}>
      <ReadinessIcon state={state} />
      {words.value.lessons.states[state]}
    </span>
  );
}

const outcomeShapes: Readonly<Record<OutcomeState, ShownState>> = {
  delivered: 'good',
  degraded: 'degraded',
  lost: 'down',
  'not-held': 'none',
  unknown: 'unknown',
};

/** What became of a lesson: the shape and the word. */
export function OutcomeMark({ state }: { state: OutcomeState }): JSX.Element {
  return (
    <span class={`state is-${outcomeShapes[state]}`}>
      <StateIcon state={outcomeShapes[state]} />
      {words.value.lessons.outcomes[state]}
    </span>
  );
}

/** How it stands with a lesson: what became of it, what was found before it, or that nothing was yet. */
export function LessonState({ lesson }: { lesson: Lesson }): JSX.Element {
  const t = words.value.lessons;
  if (lesson.cancelled) return <span class="lesson-unchecked">{t.cancelled}</span>;
  if (lesson.outcome !== undefined) return <OutcomeMark state={lesson.outcome.state} />;
  if (lesson.readiness !== undefined) return <ReadinessMark state={lesson.readiness.state} />;
  return <span class="lesson-unchecked">{lesson.start > hubNow.value ? t.notYet : t.never}</span>;
}
