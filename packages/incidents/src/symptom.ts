import type { Condition } from '@tongtang/model/incident';
import type { AgentEvidence } from './agent-evidence.ts';
import { type Pause, pausesOf } from './presence.ts';
import { schoolReachedHubAt } from './surroundings.ts';
import type { Timing } from './timing.ts';
import type { SettledAgent, Topology } from './topology.ts';

export type Chain = 'network' | 'quality' | 'reception' | 'machine';

export const chains: Readonly<Record<Condition, Chain>> = {
  silent: 'network',
  'hub-lost': 'network',
  congested: 'quality',
  'lock-lost': 'reception',
  'signal-low': 'reception',
  'receiver-silent': 'reception',
  'stream-gone': 'reception',
  'stream-errors': 'reception',
  'disk-full': 'machine',
  'clock-wrong': 'machine',
};

/** A condition that held at one agent for some time. Hub time in seconds. */
export type Symptom = Readonly<{
  condition: Condition;
  chain: Chain;
  agent: SettledAgent;
  target: string;
  from: number;
  firedAt: number;
  /** From when on it can be counted with others that began at once. */
  joinsAt: number;
  to?: number;
  /** Of silence. */
  pause?: Pause;
  /** Of silence that began while nobody could be told that the machine goes off: since when it could be, as far as is known. */
  tellableAt?: number;
}>;

/** What is known of each agent of a county, at a time. */
export type Known = Readonly<{
  topology: Topology;
  timing: Timing;
  evidence: ReadonlyMap<string, AgentEvidence>;
  /** When the hub itself did not run. */
  aways: readonly Readonly<{ from: number; to: number }>[];
  now: number;
}>;

/** After the hub was away, or a line was cut, agents come back one by one. Seconds. */
export const graceS = 300;

/** All symptoms of a county that began by now and had not ended before a time, in the order in which they fire. */
export function symptomsOf(known: Known, since: number): Symptom[] {
  const { topology, timing, evidence, aways, now } = known;
  const symptoms: Symptom[] = [];
  for (const agent of topology.agents) {
    const own = evidence.get(agent.id);
    if (own === undefined) continue;
    const pauses = pausesOf(own, since, now, timing, agent.school);
    for (const pause of pauses) {
      if (pause.why !== 'silent' || (pause.to ?? now) < since) continue;
      // What was silence before the hub went away goes on as such.
      const away = aways.find(
        ({ from, to }) => pause.from < to + graceS && (pause.to ?? now) > from && pause.firedAt > from,
      );
      const notBefore = away === undefined ? Number.NEGATIVE_INFINITY : away.to + graceS;
      const firedAt = Math.max(pause.firedAt, notBefore);
      if (firedAt > now + graceS || (pause.to !== undefined && pause.to <= firedAt)) continue;
      const { from, to } = pause;
      const wasCutOff = own.spansOf('hub-lost').some((span) => span.from <= from && (span.to ?? now) > from);
      const tellableAt = away !== undefined && from < away.to ? away.to : wasCutOff ? from : undefined;
      symptoms.push({
        condition: 'silent',
        chain: 'network',
        agent,
        target: '',
        from,
        firedAt,
        joinsAt: Math.max(pause.joinsAt, notBefore),
        ...(to !== undefined && { to }),
        pause,
        ...(tellableAt !== undefined && { tellableAt }),
      });
    }
    const offs = (from: number, condition: Condition): Stretch[] =>
      (from >= since ? pauses : pausesOf(own, from, now, timing, agent.school)).flatMap(
        (pause): Stretch[] => {
          if (pause.why !== 'silent') return [pause];
          return condition === 'hub-lost' ? unmeasured(known, agent, pause) : [];
        },
      );
    for (const { condition, target, track } of own.subjects) {
      if (
        condition === 'gateway-lost' ||
        condition === 'gateway-poor' ||
        condition === 'beyond-lost' ||
        condition === 'no-carrier'
      )
        continue;
      const chain = chains[condition];
      const { spans } = track;
      // In order of time, and so are their ends.
      for (let at = spans.length - 1; at >= 0; at -= 1) {
        const span = spans[at];
        if (span === undefined || (span.to ?? now) < since) break;
        if (span.from > now) continue;
        for (const { from, to } of chain === 'machine' ? [span] : without(span, offs(span.from, condition))) {
          const firedAt = Math.max(from, span.firedAt);
          if (to === undefined || to > firedAt)
            symptoms.push({
              condition,
              chain,
              agent,
              target,
              from,
              firedAt,
              joinsAt: from,
              ...(to !== undefined && { to }),
            });
        }
      }
    }
  }
  return symptoms.sort(inOrder);
}

/** In the order in which they fire. */
export function inOrder(a: Symptom, b: Symptom): number {
  const byId = Number(a.agent.id > b.agent.id) - Number(a.agent.id < b.agent.id);
  return a.firedAt - b.firedAt || a.from - b.from || byId;
}

/**
 * What of a silent pause is no part of a loss of the hub: the line was back for others of the school, and of a machine that measured
 * nothing nobody knows that it was cut off still.
 */
function unmeasured(known: Known, agent: SettledAgent, { from, to }: Pause): Stretch[] {
  const away = known.aways.find((one) => one.from < (to ?? known.now) && from < one.to);
  const begin = schoolReachedHubAt(known, agent, Math.max(from, away?.to ?? from), to ?? known.now);
  return begin === undefined ? [] : [{ from: begin, ...(to !== undefined && { to }) }];
}

type Stretch = Readonly<{ from: number; to?: number }>;

/** What is left of a span without the times in which its machine was off. */
function without(span: Stretch, offs: readonly Stretch[]): Stretch[] {
  let rest: Stretch[] = [span];
  for (const off of offs)
    rest = rest.flatMap((part): Stretch[] => {
      if ((part.to ?? Number.POSITIVE_INFINITY) <= off.from) return [part];
      if (off.to !== undefined && off.to <= part.from) return [part];
      const before: Stretch[] = part.from < off.from ? [{ from: part.from, to: off.from }] : [];
      const after: Stretch[] =
        off.to === undefined ? [] : [{ from: off.to, ...(part.to !== undefined && { to: part.to }) }];
      return [...before, ...after.filter(({ from, to }) => to === undefined || to > from)];
    });
  return rest;
}
