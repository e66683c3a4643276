import type { JSX } from 'preact';
import type { RevisionState } from '../api/report-answers.ts';
import { type ShownState, StateIcon } from '../design/state.tsx';
import { words } from '../language/language.ts';

const looks: Readonly<Record<RevisionState, ShownState>> = {
  issued: 'good',
  awaiting: 'degraded',
  withdrawn: 'lost',
  replaced: 'none',
};

/** How far a revision has come: a shape and a word. */
export function ReportState({ state }: { state: RevisionState }): JSX.Element {
  const t = words.value.reports;
  return (
    <span class={`state is-${looks[state]}`} title={t.statesMore[state]}>
      <StateIcon state={looks[state]} />
      {t.states[state]}
    </span>
  );
}
