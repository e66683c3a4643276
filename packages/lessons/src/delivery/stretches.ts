import type { Stretch } from './machine-minutes.ts';

/** The same time in stretches that neither overlap nor touch, in order. @param stretches in any order */
export function united(stretches: readonly Stretch[]): Stretch[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

/** What of a stretch lies in none of the others, in order. @param others in any order */
export function without({ from, to }: Stretch, others: readonly Stretch[]): Stretch[] {
  const rest: Stretch[] = [];
  let next = from;
  for (const other of united(others)) {
    if (other.from >= to) break;
    if (other.from > next) rest.push({ from: next, to: other.from });
    next = Math.max(next, other.to);
  }
  if (next < to) rest.push({ from: next, to });
  return rest;
}
