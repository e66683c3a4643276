import type { JSX } from 'preact';
import type { Severity } from '../api/answers.ts';
import { type ShownState, StateIcon } from '../design/state.tsx';
import { words } from '../language/language.ts';

const looks: Readonly<Record<Severity, ShownState>> = {
  critical: 'down',
  warning: 'degraded',
  info: 'unknown',
};

/** How grave it is for lessons: a shape and a word. */
export function SeverityMark({ severity }: { severity: Severity }): JSX.Element {
  return (
    <span class={`state is-${looks[severity]}`}>
      <StateIcon state={looks[severity]} />
      {words.value.incidents.severities[severity]}
    </span>
  );
}
