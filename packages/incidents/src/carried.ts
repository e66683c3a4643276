import type { Evidence, Incident } from '@tongtang/model/incident';
import { decisionTable } from './decision-table.ts';
import type { Group } from './group.ts';
import { isGone } from './incident-list.ts';
import type { Verdict } from './judge.ts';
import { agentOf, mayBeOff, schoolOf } from './surroundings.ts';
import { chains, type Known, type Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';

/** An incident that began before all that is gone through again, as the group that it is. */
export type Carried = Readonly<{
  incident: Incident;
  group: Group;
  /** What was found of it, where a part of what that was found from is no longer looked at. */
  verdict?: Verdict;
}>;

/**
 * Takes up incidents that began before a time and were not over then, or may have come back, each from its evidence: so nothing before that time has to be
 * gone through again, however long an agent is silent.
 * @param symptoms those that had not ended before the cut
 * @param cut hub time in seconds
 * @param isIncomplete whether an agent's past is about to be corrected: until then its part stays as it is
 * @returns in the order in which they opened
 */
export function carriedOver(
  incidents: readonly Incident[],
  symptoms: readonly Symptom[],
  known: Known,
  cut: number,
  isIncomplete: (agent: string) => boolean,
): Carried[] {
  const lasting = incidents.filter(
    ({ from, to, state }) => from < cut && (to === undefined || to >= cut - limits.reopenS) && !isGone(state),
  );
  if (lasting.length === 0) return [];
  const free = new Map(symptoms.filter(isOld(cut)).map((symptom) => [keyOf(symptom), symptom]));
  return lasting
    .sort((a, b) => a.openedAt - b.openedAt)
    .flatMap((incident): Carried[] => {
      const members: Symptom[] = [];
      let isWhole = incident.from >= known.now - limits.judgedS;
      for (const evidence of incident.evidence.filter(isOld(cut))) {
        const symptom = free.get(keyOf(evidence));
        const isPast = evidence.to !== undefined && evidence.to < cut;
        if (symptom !== undefined) {
          free.delete(keyOf(evidence));
          if (!mayBeOff(known, symptom)) members.push(symptom);
        } else if (isPast ? evidence.from >= known.now - limits.judgedS : isIncomplete(evidence.agent)) {
          members.push(...remembered(evidence, known));
          isWhole = false;
        }
      }
      if (members.length === 0) return [];
      const group = groupOf(incident, members, known);
      if (isWhole) return [{ incident, group }];
      const { place, cause, confidence, row } = incident;
      return [{ incident, group, verdict: { place, cause, confidence, row } }];
    });
}

/** What began before a time or just after it: what belongs together begins one after another. */
function isOld(cut: number): (of: Readonly<{ from: number }>) => boolean {
  return ({ from }) => from < cut + limits.reopenS;
}

function keyOf(of: Symptom | Evidence): string {
  const id = typeof of.agent === 'string' ? of.agent : of.agent.id;
  return `${id} ${of.condition} ${of.target ?? ''} ${of.from}`;
}

/** What evidence says of a symptom that is not known any more. */
function remembered({ condition, agent: id, target = '', from, to }: Evidence, known: Known): Symptom[] {
  const agent = agentOf(known, id);
  if (agent === undefined) return [];
  const times = { from, firedAt: from, joinsAt: from, ...(to !== undefined && { to }) };
  return [{ condition, chain: chains[condition], agent, target, ...times }];
}

/** The group that an incident was found from. What kind it was, follows from the row of the decision table that it came to. */
function groupOf(incident: Incident, members: Symptom[], known: Known): Group {
  const { place, row: id, openedAt, flapping, evidence } = incident;
  const when = decisionTable.find((row) => row.id === id)?.when ?? {};
  const [first] = members;
  const chain = when.chain?.[0] ?? first?.chain ?? 'network';
  const { school, provider } = place;
  const isWide = school === undefined;
  const isSun = isWide && when.sun?.includes('now') === true;
  const isOne = new Set(evidence.map(({ agent }) => agent)).size === 1;
  const frontEnd = isFrontEnd(id) ? schoolOf(known, first?.agent.school ?? '')?.frontEnd : undefined;
  return {
    chain,
    scope: isWide ? 'county' : isOne && chain !== 'reception' ? 'room' : 'school',
    ...(school !== undefined && { school }),
    ...(isWide && provider !== undefined && { provider }),
    ...(frontEnd !== undefined && { frontEnd }),
    ...(isSun && { sun: true }),
    ...(isWide && chain === 'reception' && !isSun && when.scope === undefined && { rain: true }),
    members,
    openedAt,
    flaps: flapping ? limits.flaps : 0,
  };
}

/** Streams of one front-end school that went at once. */
function isFrontEnd(row: string): boolean {
  return decisionTable.some(({ id, cause }) => id === row && cause === 'front-end-outage');
}
