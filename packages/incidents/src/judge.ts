import type { Tracked } from '@tongtang/model/condition-thresholds';
import type { Evidence, Finding, IncidentPlace } from '@tongtang/model/incident';
import { decide, type Row } from './decision-table.ts';
import type { Group } from './group.ts';
import { hasReceiver, isLanPoor, presentAt, schoolOf, sunOutagesNear } from './surroundings.ts';
import type { Known, Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';
import type { View } from './view.ts';

type Period = Readonly<{ from: number; to: number }>;

/** Where and why. */
export type Verdict = Pick<Finding, 'place' | 'cause' | 'confidence' | 'row'>;

/**
 * What can be said of a group, from all that is known.
 * @param verdict on it, where that stands already
 */
export function judge(group: Group, known: Known, verdict = verdictOn(group, known)): Finding {
  const { place, cause, confidence, row } = verdict;
  const from = Math.min(...group.members.map((member) => member.from));
  return {
    place,
    cause,
    confidence,
    row,
    from,
    openedAt: group.openedAt,
    ...(group.to !== undefined && { to: group.to }),
    flapping: group.flaps >= limits.flaps,
    evidence: group.members.map(evidenceOf).sort(inOrder),
  };
}

function verdictOn(group: Group, known: Known): Verdict {
  const row = decide(viewOf(group, known));
  return { place: placeOf(group, row, known), cause: row.cause, confidence: row.confidence, row: row.id };
}

/** What the decision table is asked about. */
export function viewOf(group: Group, known: Known): View {
  switch (group.chain) {
    case 'network':
      return networkView(group, known);
    case 'quality':
      return { chain: 'quality', lost: shareOf(group, known), lan: lanOf(group, known) };
    case 'reception':
      return receptionView(group, known);
    case 'machine':
      return {
        chain: 'machine',
        machine: group.members[0]?.condition === 'disk-full' ? 'disk-full' : 'clock-wrong',
      };
  }
}

function networkView(group: Group, known: Known): View {
  const { from, to } = periodOf(group, known);
  const members = group.members.filter(({ chain }) => chain === 'network');
  const told = members.filter(({ condition }) => condition === 'hub-lost');
  const saying = told.length > 0 ? told : members;
  const ids = [...new Set(saying.map(({ agent }) => agent.id))];
  const during = (id: string, condition: Tracked): boolean =>
    known.evidence
      .get(id)
      ?.spansOf(condition)
      .some((span) => span.from < to && (span.to ?? known.now) > from) ?? false;
  const measuring = (condition: Tracked): string[] =>
    told.length === 0 ? [] : ids.filter((id) => known.evidence.get(id)?.measures(condition) === true);
  const gateways = measuring('gateway-lost');
  const gatewayless = gateways.filter((id) => during(id, 'gateway-lost'));
  const beyonds = measuring('beyond-lost');
  const beyondLost = beyonds.some((id) => during(id, 'beyond-lost'));
  // Platforms are asked every five minutes: only in a longer time were they certainly asked.
  const asked = beyonds.length > 0 && to - from > 660;
  const away = known.aways.some((one) => one.from < to && one.to > from);
  const pauses = members.flatMap(({ pause }) => pause ?? []);
  const boots = pauses.flatMap(({ rebooted }) => rebooted ?? []);
  const rooms = group.school === undefined ? 2 : roomsOf(group, known).size;
  return {
    chain: 'network',
    scope: group.scope === 'county' ? 'county' : 'school',
    hub: away && (group.hub === true || group.scope === 'county') ? 'away' : 'ran',
    rooms: rooms > 1 ? 'several' : 'one',
    lost: shareOf(group, known),
    told: told.length > 0 ? 'yes' : 'no',
    gateway:
      gateways.length === 0 ? 'unmeasured' : gatewayless.length > gateways.length / 2 ? 'lost' : 'fine',
    beyond: beyondLost ? 'lost' : asked ? 'reached' : 'unmeasured',
    carrier: ids.some((id) => during(id, 'no-carrier')) ? 'lost' : 'fine',
    restart:
      boots.length === 0 ? 'unknown' : boots.filter(Boolean).length > boots.length / 2 ? 'rebooted' : 'ran',
    ended: pauses.length > 0 && pauses.every(({ endedByItself }) => endedByItself) ? 'itself' : 'unknown',
  };
}

function lanOf(group: Group, known: Known): 'poor' | 'fine' {
  const { from, to } = periodOf(group, known);
  const ids = [...new Set(group.members.map(({ agent }) => agent.id))];
  const poor = ids.filter((id) => isLanPoor(known, id, from, to));
  return poor.length > ids.length / 2 ? 'poor' : 'fine';
}

function receptionView(group: Group, known: Known): View {
  const { from, to } = periodOf(group, known);
  const has = (condition: Symptom['condition']): boolean =>
    group.members.some((member) => member.condition === condition);
  const hit = new Set(group.members.map(({ agent }) => agent.school));
  const measured = [...hit].some((school) => hasReceiver(known, school, 'lock-lost', from));
  const onlyStream = has('stream-gone') && !has('lock-lost');
  const frontEnds = new Set([...hit].map((school) => schoolOf(known, school)?.frontEnd));
  // Of another front-end a stream that comes says nothing.
  const others = known.topology.schools.filter(
    ({ id, frontEnd }) =>
      !hit.has(id) &&
      (!onlyStream || frontEnds.has(frontEnd)) &&
      hasReceiver(known, id, onlyStream ? 'stream-gone' : 'lock-lost', from),
  );
  const shape = shapeOf(group, known, from, to);
  return {
    chain: 'reception',
    scope: group.rain === true ? 'several' : group.scope === 'county' ? 'county' : 'school',
    lock: has('lock-lost') ? 'lost' : measured ? 'fine' : 'unmeasured',
    margin: has('signal-low') ? 'low' : 'fine',
    receiver: has('receiver-silent') ? 'silent' : 'answers',
    stream: has('stream-gone') ? 'gone' : has('stream-errors') ? 'damaged' : 'fine',
    elsewhere: others.length > 0 ? 'fine' : 'unmeasured',
    lan: lanOf(group, known),
    ...shape,
    sun: group.sun === true ? 'now' : 'none',
  };
}

const shapes = {
  'rain-fade': 'rain',
  'sun-outage': 'sun',
  pointing: 'pointing',
  cabling: 'cabling',
  steady: 'unknown',
  unknown: 'unknown',
} as const;

/** The clearest course of C/N among the dishes that are concerned. */
function shapeOf(group: Group, known: Known, from: number, to: number): Pick<View, 'shape' | 'certainty'> {
  const dishes = group.members.filter(
    ({ condition }) => condition === 'lock-lost' || condition === 'signal-low',
  );
  let clearest: Pick<View, 'shape' | 'certainty'> = { shape: 'unknown', certainty: 'low' };
  for (const { agent, target } of dishes) {
    const near = sunOutagesNear(known, agent.school, from, to);
    const seen = known.evidence.get(agent.id)?.signals.get(target)?.shape(from, to, near);
    if (seen === undefined || seen.certainty === 'none' || clearest.certainty === 'high') continue;
    if (shapes[seen.kind] !== 'unknown') clearest = { shape: shapes[seen.kind], certainty: seen.certainty };
  }
  return clearest;
}

function shareOf(group: Group, known: Known): 'all' | 'some' | 'one' {
  if (group.scope === 'county') return 'all';
  const rooms = roomsOf(group, known);
  const lost = new Set(group.members.map(({ agent }) => agent.id));
  if ([...rooms].every((id) => lost.has(id))) return 'all';
  return lost.size === 1 ? 'one' : 'some';
}

/** The machines of a group's school that were on when it began, and those concerned. */
function roomsOf(group: Group, known: Known): ReadonlySet<string> {
  const { from } = periodOf(group, known);
  const present = presentAt(known, group.school ?? '', from);
  return new Set([...present, ...group.members.map(({ agent }) => agent.id)]);
}

function periodOf(group: Group, { now }: Known): Period {
  const from = Math.min(...group.members.map((member) => member.from));
  return { from, to: group.to ?? now };
}

function placeOf(group: Group, { node }: Row, known: Known): IncidentPlace {
  const { county } = known.topology;
  if (group.scope === 'county')
    return { node, county, ...(group.provider !== undefined && { provider: group.provider }) };
  const school = group.school ?? '';
  const provider = schoolOf(known, school)?.provider;
  const [first] = group.members;
  const ofRoom = node === 'classroom' && first !== undefined;
  return {
    node,
    county,
    ...(node === 'broadband' && provider !== undefined && { provider }),
    school,
    ...(ofRoom && { classroom: first.agent.classroom, agent: first.agent.id }),
  };
}

function evidenceOf({ condition, agent, target, from, to }: Symptom): Evidence {
  return {
    condition,
    school: agent.school,
    classroom: agent.classroom,
    agent: agent.id,
    ...(target !== '' && { target }),
    from,
    ...(to !== undefined && { to }),
  };
}

function inOrder(a: Evidence, b: Evidence): number {
  return a.from - b.from || keyOf(a).localeCompare(keyOf(b));
}

function keyOf({ agent, condition, target = '' }: Evidence): string {
  return `${agent} ${condition} ${target}`;
}
