import type { JSX } from 'preact';
import { type ShownState, StateIcon } from '../design/state.tsx';
import { words } from '../language/language.ts';
import type { Summary } from './tree.ts';

const shown = ['down', 'degraded', 'unknown', 'good'] as const satisfies ShownState[];

/** How many classrooms are in which state, the worst first. */
export function SummaryStrip({ summary }: { summary: Summary }): JSX.Element {
  const t = words.value;
  const lost = (['offline', 'silent'] as const).filter((state) => summary.agents[state] > 0);
  return (
    <section class="summary" aria-label={t.overview.summary}>
      <dl>
        {shown.map((state) => (
          <div key={state} class={`is-${state}${summary.rooms[state] === 0 ? ' is-zero' : ''}`}>
            <dt>
              <StateIcon state={state} />
              {t.states[state]}
            </dt>
            <dd>{summary.rooms[state]}</dd>
          </div>
        ))}
      </dl>
      <p>
        {lost.map((state) => (
          <span key={state} class="summary-lost">
            {t.overview.agentsIn(summary.agents[state], t.agentStates[state])}
          </span>
        ))}
        {summary.rooms.none > 0 && <span>{t.overview.withoutAgent(summary.rooms.none)}</span>}
      </p>
    </section>
  );
}
