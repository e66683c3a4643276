import type { Group } from './group.ts';
import { isLanPoor, schoolOf, sunAt } from './surroundings.ts';
import type { Known, Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';

/** Whether a symptom comes of what a group has found already. */
export function explains(group: Group, symptom: Symptom, known: Known): boolean {
  const { agent, chain, condition, from } = symptom;
  const began = Math.min(...group.members.map((member) => member.from));
  if (group.chain === 'machine')
    return group.members[0]?.agent.id === agent.id && group.members[0].condition === condition;
  if (group.chain === 'network') {
    if (from < began - limits.atOnceS) return false;
    const isStream = condition === 'stream-gone' || condition === 'stream-errors';
    if (isStream) return group.members.some((member) => member.agent.id === agent.id);
    if (chain !== 'network' && chain !== 'quality') return false;
    if (group.hub === true) return true;
    if (group.scope === 'county')
      return group.provider === undefined || schoolOf(known, agent.school)?.provider === group.provider;
    if (group.school !== agent.school) return false;
    return (
      group.scope === 'school' ||
      group.members[0]?.agent.id === agent.id ||
      (chain === 'network' && from - began <= limits.atOnceS)
    );
  }
  if (chain !== group.chain) return isOfOneLan(group, symptom, known);
  if (group.chain === 'quality')
    return (
      group.school === agent.school && (group.scope === 'school' || group.members[0]?.agent.id === agent.id)
    );
  if (group.sun === true) return sunAt(known, symptom) && condition !== 'receiver-silent';
  if (group.scope === 'school') return group.school === agent.school;
  const hit = group.members.some((member) => member.agent.school === agent.school);
  if (hit) return true;
  return (
    group.members.some((member) => member.condition === condition) &&
    Math.abs(from - began) <= limits.receptionS &&
    (group.frontEnd === undefined || schoolOf(known, agent.school)?.frontEnd === group.frontEnd)
  );
}

/** A flooded LAN slows the line, damages the stream and cuts off a room now and then: whichever shows first has the others. */
function isOfOneLan(group: Group, { agent, chain, condition, from }: Symptom, known: Known): boolean {
  const isStream = condition === 'stream-errors' || condition === 'stream-gone';
  const both =
    group.chain === 'quality'
      ? group.scope === 'school' && (isStream || condition === 'hub-lost')
      : group.chain === 'reception' &&
        group.members.every((member) => member.condition === 'stream-errors') &&
        (chain === 'quality' || condition === 'hub-lost');
  return (
    both &&
    group.school === agent.school &&
    isLanPoor(known, agent.id, from - limits.aloneS, from + limits.aloneS)
  );
}
