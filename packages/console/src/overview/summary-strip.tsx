import type { JSX } from 'preact';
import { type ShownState, StateIcon } from '../design/state.tsx';
import { words } from '../language/language.ts';

const shown = ['down', 'lost', 'degraded', 'unknown', 'good'] as const satisfies ShownState[];

/** How many classrooms are in which state, the worst first. */
export function SummaryStrip({ rooms }: { rooms: Readonly<Record<ShownState, number>> }): JSX.Element {
  const t = words.value;
  return (
    <section class="summary" aria-label={t.overview.summary}>
      <dl>
        {shown.map((state) => (
          <div key={state} class={`is-${state}${rooms[state] === 0 ? ' is-zero' : ''}`}>
            <dt>
              <StateIcon state={state} />
              {t.states[state]}
            </dt>
            <dd>{rooms[state]}</dd>
          </div>
        ))}
      </dl>
      {rooms.none > 0 && <p>{t.overview.withoutAgent(rooms.none)}</p>}
    </section>
  );
}
