import type { Group } from './group.ts';
import { beganAsRain, isLanPoor, schoolOf, sunAt } from './surroundings.ts';
import type { Known, Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';

/** Whether a symptom comes of what a group has found already. */
export function explains(group: Group, symptom: Symptom, known: Known, time: number): boolean {
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
  if (chain !== group.chain) return isOfOneLan(group, symptom, known, time);
  if (group.chain === 'quality')
    return (
      group.school === agent.school && (group.scope === 'school' || group.members[0]?.agent.id === agent.id)
    );
  if (group.sun === true) return sunAt(known, symptom) && condition !== 'receiver-silent';
  const isWeather = group.scope === 'school' || group.rain === true;
  if (group.scope === 'school' && group.school === agent.school) return true;
  if (isWeather && beganAsRain(known, symptom))
    return group.members.some((member) => beganAsRain(known, member));
  if (group.scope === 'school') return false;
  const hit = group.members.some((member) => member.agent.school === agent.school);
  if (hit || group.rain === true) return hit;
  return (
    group.members.some((member) => member.condition === condition) &&
    Math.abs(from - began) <= limits.receptionS &&
    (group.frontEnd === undefined || schoolOf(known, agent.school)?.frontEnd === group.frontEnd)
  );
}

/** A flooded LAN slows the line, damages the stream and cuts off a room now and then: whichever shows first has the others. */
function isOfOneLan(
  group: Group,
  { agent, chain, condition, from }: Symptom,
  known: Known,
  time: number,
): boolean {
  const isStream = condition === 'stream-errors' || condition === 'stream-gone';
  const reception = group.members.filter((member) => member.chain === 'reception');
  const both =
    group.chain === 'quality'
      ? group.scope === 'school' && (isStream || condition === 'hub-lost')
      : group.chain === 'reception' &&
        reception.every((member) => member.condition === 'stream-errors') &&
        (chain === 'quality' || condition === 'hub-lost');
  return (
    both &&
    group.school === agent.school &&
    isLanPoor(known, agent.id, from - limits.aloneS, Math.max(time, from + limits.aloneS))
  );
}
