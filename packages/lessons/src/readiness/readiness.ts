import {
  type LessonToCheck,
  type Readiness,
  type ReadinessCheck,
  type ReadinessState,
  readinessItems,
  readinessStates,
} from '@tongtang/model/readiness';
import type { Facts } from './facts.ts';
import { findingOf } from './findings.ts';
import { isUnderTheSun, type Need, needsOf } from './needs.ts';
import { weigh } from './weigh.ts';

/**
 * Whether a class can have its lesson, from what is known at a moment. Every item that the lesson needs is told, known or not; of
 * incidents, the Sun and announced work only what is there.
 * @param now hub time in seconds
 */
export function readinessOf(lesson: LessonToCheck, facts: Facts, now: number): Readiness {
  const wanted = new Map<string, Need>(Object.entries(needsOf(lesson)));
  for (const item of ['incident', 'maintenance'] as const) wanted.set(item, 'must');
  if (isUnderTheSun(lesson)) wanted.set('sun-outage', 'must');
  const checks = readinessItems.flatMap((item): ReadinessCheck[] => {
    const need = wanted.get(item);
    const found = need && weigh(item, lesson, facts, now);
    const finding = found && findingOf(item, found.found);
    return need === undefined || found === undefined || finding === undefined
      ? []
      : [{ ...found, state: finding[need] }];
  });
  // Sorting keeps the order of the way among those of one state.
  const ordered = checks.toSorted((a, b) => rank(b.state) - rank(a.state));
  return { state: ordered[0]?.state ?? 'unknown', at: now, checks: ordered };
}

/** How bad a state is, from 0. */
export function rank(state: ReadinessState): number {
  return readinessStates.indexOf(state);
}
