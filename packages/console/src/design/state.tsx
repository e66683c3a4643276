import type { JSX } from 'preact';
import type { LinkState } from '../api/answers.ts';
import { words } from '../language/language.ts';

/** State of a classroom: that of its worst link; `lost` where an agent went away, `none` where there is none. */
export type ShownState = LinkState | 'lost' | 'none';

/** A state as a shape of its own, so that nobody needs to tell colours apart. */
export function StateIcon({ state }: { state: ShownState }): JSX.Element {
  return (
    <svg class={`state-icon is-${state}`} viewBox="0 0 14 14" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}

/** The shape and the word. */
export function StateMark({ state }: { state: ShownState }): JSX.Element {
  return (
    <span class={`state is-${state}`}>
      <StateIcon state={state} />
      {words.value.states[state]}
    </span>
  );
}

const shapes: Readonly<Record<ShownState, JSX.Element>> = {
  good: (
    <>
      <circle class="fill" cx="7" cy="7" r="6" />
      <path class="cut" d="M4.2 7.2l2 2 3.6-4.2" />
    </>
  ),
  degraded: (
    <>
      <path class="fill" d="M7 1 13.4 12.6H.6z" />
      <path class="cut" d="M7 5v3.6M7 10.6v.1" />
    </>
  ),
  down: (
    <>
      <path class="fill" d="M1 1h12v12H1z" />
      <path class="cut" d="M4.4 4.4l5.2 5.2M9.6 4.4l-5.2 5.2" />
    </>
  ),
  lost: (
    <>
      <circle class="line" cx="7" cy="7" r="5.4" />
      <path class="line" d="M3.2 10.8l7.6-7.6" />
    </>
  ),
  unknown: <circle class="dashes" cx="7" cy="7" r="5.4" />,
  none: <path class="line" d="M3 7h8" />,
};
