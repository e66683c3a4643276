import type { JSX } from 'preact';
import { Problem } from '../design/problem.tsx';
import { words } from '../language/language.ts';
import { loadProblem } from './fleet.ts';

/** What a page shows until the fleet is there. */
export function FleetLoading(): JSX.Element {
  return loadProblem.value === undefined ? (
    <p class="waiting">{words.value.loading}</p>
  ) : (
    <Problem text={loadProblem.value} />
  );
}
