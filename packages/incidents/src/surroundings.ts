import type { Tracked } from '@tongtang/model/condition-thresholds';
import type { Condition } from '@tongtang/model/incident';
import type { Known, Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';
import type { SettledAgent, SettledSchool, Topology } from './topology.ts';

type Index = Readonly<{
  schools: ReadonlyMap<string, SettledSchool>;
  /** By school. */
  agents: ReadonlyMap<string, readonly SettledAgent[]>;
  byId: ReadonlyMap<string, SettledAgent>;
}>;

/** To look for a school among hundreds, for each of thousands of agents, is what a look would take longest for. */
const indexes = new WeakMap<Topology, Index>();

function indexOf(topology: Topology): Index {
  const known = indexes.get(topology);
  if (known !== undefined) return known;
  const schools = new Map(topology.schools.map((school) => [school.id, school]));
  const agents = Map.groupBy(topology.agents, ({ school }) => school);
  const index = { schools, agents, byId: new Map(topology.agents.map((agent) => [agent.id, agent])) };
  indexes.set(topology, index);
  return index;
}

export function schoolOf({ topology }: Pick<Known, 'topology'>, id: string): SettledSchool | undefined {
  return indexOf(topology).schools.get(id);
}

export function agentOf({ topology }: Pick<Known, 'topology'>, id: string): SettledAgent | undefined {
  return indexOf(topology).byId.get(id);
}

/** The agents of a school that measured shortly before a time: ids. */
export function presentAt({ topology, evidence }: Known, school: string, time: number): ReadonlySet<string> {
  const own = indexOf(topology).agents.get(school) ?? [];
  const present = own.filter(({ id }) => evidence.get(id)?.sessions.measuredAt(time) ?? false);
  return new Set(present.map(({ id }) => id));
}

/**
 * Whether a PC that went silent while nobody could be told may have been switched off in order: another machine of its school
 * was heard before it, so that the line works.
 */
export function mayBeOff(known: Known, { agent, from, tellableAt, to }: Symptom): boolean {
  if (tellableAt === undefined || agent.kind === 'receiver') return false;
  return schoolReachedHubAt(known, agent, Math.max(from, tellableAt), to ?? known.now) !== undefined;
}

/** When within a time another machine of an agent's school measured first and was not cut off; undefined where none did. */
export function schoolReachedHubAt(
  { topology, evidence, now }: Known,
  agent: SettledAgent,
  from: number,
  to: number,
): number | undefined {
  let earliest: number | undefined;
  for (const { id } of indexOf(topology).agents.get(agent.school) ?? []) {
    const own = id === agent.id ? undefined : evidence.get(id);
    if (own === undefined) continue;
    const cuts = own.spansOf('hub-lost');
    for (const session of own.sessions.list) {
      if (session.to <= from || session.from >= to) continue;
      const begun = Math.max(from, session.from);
      const cut = cuts.find((span) => span.from <= begun && (span.to ?? now) > begun);
      const reached = cut === undefined ? begun : (cut.to ?? now);
      if (reached <= session.to && reached < to) earliest = Math.min(earliest ?? reached, reached);
    }
  }
  return earliest;
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

/** Predicted sun outages of a school near a time. */
export function sunOutagesNear({ topology }: Known, school: string, from: number, to: number) {
  const outages = topology.sunOutages.get(school) ?? [];
  return outages.filter(({ begin, end }) => begin < to + 3600 && end > from - 3600);
}

/** Symptoms are made anew for each look, and asked about many times in it. */
const rain = new WeakMap<Symptom, boolean>();

/** Whether the signal of a dish began to fall as it does in rain. */
export function beganAsRain(known: Known, symptom: Symptom): boolean {
  const { agent, target, condition, from, to = known.now } = symptom;
  if (condition !== 'signal-low' && condition !== 'lock-lost') return false;
  const found = rain.get(symptom);
  if (found !== undefined) return found;
  const near = sunOutagesNear(known, agent.school, from, to);
  const shape = known.evidence.get(agent.id)?.signals.get(target)?.onset(from, to, near);
  const answer = shape?.kind === 'rain-fade';
  rain.set(symptom, answer);
  return answer;
}

/** Whether the way to its own gateway is slow or lossy for an agent within a time. */
export function isLanPoor(known: Known, agent: string, from: number, to: number): boolean {
  return held(known, agent, 'gateway-poor', from, to);
}

/** Whether an agent reaches nobody within a time. */
export function isCutOff(known: Known, agent: string, from: number, to: number): boolean {
  return held(known, agent, 'hub-lost', from, to);
}

function held(
  { evidence, now }: Known,
  agent: string,
  condition: Tracked,
  from: number,
  to: number,
): boolean {
  const spans = evidence.get(agent)?.spansOf(condition) ?? [];
  return spans.some((span) => span.from <= to && (span.to ?? now) >= from);
}
