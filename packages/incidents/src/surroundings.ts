import type { Condition } from '@tongtang/model/incident';
import type { Known, Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';
import type { SettledSchool } from './topology.ts';

export function schoolOf({ topology }: Known, id: string): SettledSchool | undefined {
  return topology.schools.find((school) => school.id === id);
}

/** The agents of a school that measured shortly before a time: ids. */
export function presentAt({ topology, evidence }: Known, school: string, time: number): ReadonlySet<string> {
  const present = topology.agents.filter(
    ({ id, school: own }) =>
      own === school &&
      (evidence.get(id)?.sessions.list.some(({ from, to }) => from <= time && to >= time - 60) ?? false),
  );
  return new Set(present.map(({ id }) => id));
}

/** Whether a school has a receiver or stream whose loss would be seen at a time. */
export function hasReceiver(known: Known, school: string, condition: Condition, time: number): boolean {
  const present = presentAt(known, school, time);
  return [...present].some(
    (id) => condition !== 'silent' && (known.evidence.get(id)?.measures(condition) ?? false),
  );
}

/** Whether the Sun is predicted to be behind the satellite when trouble begins. */
export function sunAt({ topology }: Known, { agent, from }: Symptom): boolean {
  return (topology.sunOutages.get(agent.school) ?? []).some(
    ({ begin, end }) => from >= begin - limits.sunS && from <= end + limits.sunS,
  );
}
