import { type LinkKind, type LinkState, lessonNeeds } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';
import { errorsBelowDb } from '../county/conditions.ts';
import type { Machine } from '../county/machine.ts';
import type { SimulatedCounty } from '../county/simulated-county.ts';
import { definitionOf } from './kinds.ts';
import { isAt, placeText } from './place.ts';
import type { Fault } from './script.ts';

/** What a link of a machine is for a while because of a fault. Seconds since 1970; to the minute. */
export type Hurt = Readonly<{ machine: string; link: LinkKind; state: LinkState; from: number; to: number }>;

/** What is true of a fault, for whoever compares what was concluded with it. */
export type Truth = Readonly<{
  fault: Fault;
  /** As scripts write it. */
  place: string;
  cause: Text;
  /** Whole minutes from begin to end. */
  minutes: number;
  /** What machines that were on could see of it. Empty where it shows in no link. */
  hurts: readonly Hurt[];
}>;

const minute = 60;

/** The truth of each fault of a county's script, in the order of the script. */
export function truthOf(county: SimulatedCounty): Truth[] {
  return county.script.faults.map((fault) => ({
    fault,
    place: placeText(fault.place),
    cause: definitionOf(fault.kind).title,
    minutes: Math.round((fault.end - fault.begin) / minute),
    hurts: county.machines
      .filter((machine) => isAt(fault.place, machine))
      .flatMap((machine) => hurtsOf(county, fault, machine)),
  }));
}

/**
 * The states of a machine's links as its probes must find them, all faults of the script and the sky together; none while it
 * measures nothing. A link of which nothing can be known is left out, as LinkEvidence does.
 */
export function trueStates(
  county: SimulatedCounty,
  machine: Machine,
  time: number,
): Map<LinkKind, LinkState> {
  if (!county.measures(machine, time)) return new Map();
  const states = new Map<LinkKind, LinkState>(
    machine.tasks.flatMap(({ link }) => (link === undefined ? [] : [[link, 'good']])),
  );
  const hurts = county.faultsAt(machine, time).map((fault) => hurtLinks(county, fault, machine, time));
  for (const hurt of [...hurts, bySky(county, machine, time)])
    for (const [link, state] of hurt)
      if (states.has(link) && rank[state] > rank[states.get(link) ?? 'good']) states.set(link, state);
  return new Map([...states].filter(([, state]) => state !== 'unknown'));
}

/** What hides what. */
const rank: Readonly<Record<LinkState, number>> = { good: 0, degraded: 1, down: 2, unknown: 3 };

function hurtLinks(
  county: SimulatedCounty,
  { kind }: Fault,
  machine: Machine,
  time: number,
): ReadonlyMap<LinkKind, LinkState> {
  const { hurts } = definitionOf(kind);
  if (hurts === 'signal') return bySky(county, machine, time);
  const own: Partial<Record<LinkKind, LinkState>> = hurts[machine.kind];
  return new Map(
    machine.tasks.flatMap(({ link }) => {
      const state = link && own[link];
      return link === undefined || state === undefined ? [] : [[link, state]];
    }),
  );
}

/** What the margin that is left makes of satellite and stream. */
function bySky(
  county: SimulatedCounty,
  { school, kind }: Machine,
  time: number,
): ReadonlyMap<LinkKind, LinkState> {
  const marginDb = county.marginDb(school.id, time);
  const states = new Map<LinkKind, LinkState>();
  if (kind === 'receiver' && marginDb < lessonNeeds.marginDb)
    states.set('satellite', marginDb < 0 ? 'down' : 'degraded');
  if (marginDb < errorsBelowDb) states.set('stream', marginDb < 0 ? 'down' : 'degraded');
  return states;
}

/** Looked at once a minute, neighbours of one state put together. */
function hurtsOf(county: SimulatedCounty, fault: Fault, machine: Machine): Hurt[] {
  const hurts: Hurt[] = [];
  const open = new Map<LinkKind, { state: LinkState; from: number }>();
  const close = (link: LinkKind, to: number): void => {
    const begun = open.get(link);
    if (begun !== undefined) hurts.push({ machine: machine.name, link, ...begun, to });
    open.delete(link);
  };
  for (let time = fault.begin; time < fault.end; time += minute) {
    const now = county.measures(machine, time)
      ? hurtLinks(county, fault, machine, time)
      : new Map<LinkKind, LinkState>();
    for (const [link, { state }] of [...open]) if (now.get(link) !== state) close(link, time);
    for (const [link, state] of now) if (!open.has(link)) open.set(link, { state, from: time });
  }
  for (const link of [...open.keys()]) close(link, fault.end);
  return hurts;
}
