import type { Incident } from '@tongtang/model/incident';
import type { EvidenceSample } from '../agent-evidence.ts';
import { IncidentFold } from '../fold.ts';
import { isGone } from '../incident-list.ts';
import type { Topology } from '../topology.ts';
import { countyOf, monday } from './county.ts';
import { faults } from './faults.ts';
import { Random } from './random.ts';
import { type Arrival, arrivalsOf } from './world.ts';

export type Played = Readonly<{
  fold: IncidentFold;
  incidents: readonly Incident[];
  /** How long after the fault an incident was open, in seconds; absent where there was none while it lasted. */
  openAfterS?: number;
  /** Ids of incidents that were open at any time. */
  told: ReadonlySet<string>;
}>;

/** Lets a hub live through what arrives: it looks every two seconds, and replays what came late once a minute. */
export function play(
  topology: Topology,
  arrivals: readonly Arrival[],
  options: Readonly<{
    to: number;
    faultAt?: number;
    aways?: readonly Readonly<{ from: number; to: number }>[];
    everyS?: number;
    fold?: IncidentFold;
    /** The store: what arrived before. */
    stored?: { agent: string; sample: EvidenceSample }[];
  }>,
): Played {
  const { to, faultAt, aways = [], everyS = 2 } = options;
  const fold = options.fold ?? new IncidentFold(topology);
  const stored = options.stored ?? [];
  const told = new Set<string>();
  let openAfterS: number | undefined;
  let replayedAt = Number.NEGATIVE_INFINITY;
  let next = 0;
  const start = Math.floor(arrivals[0]?.at ?? to);
  for (let now = start; now <= to; now += everyS) {
    const away = aways.find((one) => now > one.from && now < one.to);
    if (away !== undefined) {
      now = Math.ceil(away.to);
      fold.away(away.from, away.to);
    }
    for (let arrival = arrivals[next]; arrival !== undefined && arrival.at <= now; arrival = arrivals[next]) {
      next += 1;
      fold.take(arrival.agent, arrival.samples, arrival.at);
      for (const sample of arrival.samples) stored.push({ agent: arrival.agent, sample });
      if (arrival.word !== undefined) fold.hear(arrival.agent, arrival.word);
    }
    if (fold.late.size > 0 && now - replayedAt > 60) {
      replayedAt = now;
      replay(fold, fold.late, stored);
    }
    for (const incident of fold.look(now)) {
      if (isGone(incident.state)) continue;
      if (
        !told.has(incident.id) &&
        openAfterS === undefined &&
        faultAt !== undefined &&
        incident.to === undefined
      )
        openAfterS = now - faultAt;
      told.add(incident.id);
    }
  }
  if (fold.late.size > 0) replay(fold, fold.late, stored);
  fold.look(to);
  const incidents = fold.incidents.filter(({ state }) => !isGone(state));
  return { fold, incidents, told, ...(openAfterS !== undefined && { openAfterS }) };
}

/** As a hub does it from its store. */
export function replay(
  fold: IncidentFold,
  late: ReadonlyMap<string, number>,
  stored: readonly Readonly<{ agent: string; sample: EvidenceSample }>[],
): void {
  const byAgent = Map.groupBy(stored, ({ agent }) => agent);
  const replays = [...late].flatMap(([agent, from]) => {
    const replay = fold.replay(agent, from);
    const samples = (byAgent.get(agent) ?? []).map(({ sample }) => sample);
    replay?.take(samples.filter(({ time }) => time >= replay.start).sort((a, b) => a.time - b.time));
    return replay ?? [];
  });
  fold.correct(replays);
}

export type Verdict = 'right' | 'unknown' | 'wrong';
export type Trial = Readonly<{
  verdict: Verdict;
  /** Incidents in the end, and those that were open at any time. */
  count: number;
  told: number;
  openAfterS?: number;
  incidents: readonly Incident[];
}>;

/** The rooms of the schools in which faults are played. */
const rooms = [5, 4, 3, 1, 1, 1];

/** One fault of a kind, with 5 % of loss and a tenth of the agents missing. */
export function tryFault(kind: string, seed: number): Trial {
  const make = faults[kind];
  if (make === undefined) throw new Error(`no fault "${kind}"`);
  const random = new Random(seed * 7919 + kind.length);
  const bare = countyOf(rooms);
  const missing = new Set(
    bare.agents.filter(({ kind: own }) => own === 'classroom' && random.next() < 0.1).map(({ id }) => id),
  );
  const there = { ...bare, agents: bare.agents.filter(({ id }) => !missing.has(id)) };
  const { troubleOf, start, playTo, answer, aways = [], sunOutages = new Map() } = make(there, random);
  const topology: Topology = { ...bare, sunOutages };
  const to = playTo ?? monday + 10.75 * 3600;
  const from = monday + 8.45 * 3600;
  const arrivals = arrivalsOf({ topology, from, to, seed, troubleOf, loss: 0.05, missing });
  const played = play(topology, arrivals, { to, faultAt: start, aways });
  const { incidents, told, openAfterS } = played;
  return {
    verdict: verdictOn(incidents, answer),
    count: incidents.length,
    told: told.size,
    ...(openAfterS !== undefined && { openAfterS }),
    incidents,
  };
}

function verdictOn(
  incidents: readonly Incident[],
  answer: { node: string; cause: string; school?: string } | undefined,
): Verdict {
  if (answer === undefined) return incidents.length === 0 ? 'right' : 'wrong';
  const [incident] = incidents;
  if (incident === undefined) return 'unknown';
  const { place, cause, confidence } = incident;
  if (
    incidents.length === 1 &&
    place.node === answer.node &&
    cause === answer.cause &&
    place.school === answer.school
  )
    return 'right';
  return cause === 'unknown' || confidence === 'low' ? 'unknown' : 'wrong';
}
