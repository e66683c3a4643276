import { type Facts, type Known, linkFreshS, type PcState } from '@tongtang/lessons/readiness/facts';
import type { AgentKind } from '@tongtang/model/agent-kind';
import { type LinkKind, type LinkState, linkKinds } from '@tongtang/model/link';
import type { AgentPresent, AgentState, LatestValue } from '../live/live.ts';

/** An agent of a school as it is at present. */
export type Machine = Readonly<{
  kind: AgentKind;
  present: AgentPresent;
  /** The newest sample of each of its series. */
  latest: () => readonly LatestValue[];
}>;

/** The best first: a room with two PCs has its lesson on the one that is on. */
const byPresence: readonly AgentState[] = ['online', 'asleep', 'stopping', 'silent', 'offline'];

/**
 * What is known of a classroom from the agents of its school.
 * @param machines all agents of the school
 * @param settled whether the hub has been there for long enough to have heard of everybody
 */
export function roomFacts(machines: readonly Machine[], classroom: string, settled: boolean): Facts {
  const pc = machines
    .filter(({ kind, present }) => kind === 'classroom' && present.place.classroom === classroom)
    .toSorted((a, b) => byPresence.indexOf(a.present.state) - byPresence.indexOf(b.present.state))[0];
  if (pc === undefined) return { pc: { state: 'none' }, ...reception(machines) };
  const clockOffsetMs = reading(pc, 'agent', 'clock_offset_ms');
  const diskFreeBytes = reading(pc, 'host', 'disk_free_bytes');
  const files = filesOf(pc);
  return {
    pc: pcFact(pc, machines, settled),
    ...(clockOffsetMs && { clockOffsetMs }),
    ...(diskFreeBytes && { diskFreeBytes }),
    ...(files && { files }),
    ...reception(machines, pc),
  };
}

function pcFact({ present }: Machine, machines: readonly Machine[], settled: boolean): Facts['pc'] {
  const state = pcState(present.state, machines, settled);
  if (state === 'on') return { state };
  const heard = state === 'unheard' ? machines.map((each) => each.present.lastSeen) : [present.lastSeen];
  const heardAt = Math.max(...heard.map((at) => at ?? 0));
  return heardAt > 0 ? { state, heardAt } : { state };
}

function pcState(state: AgentState, machines: readonly Machine[], settled: boolean): PcState {
  if (state === 'online') return 'on';
  if (state === 'asleep') return state;
  if (state === 'stopping') return 'off';
  if (!settled) return 'silent';
  const states = machines.map(({ present }) => present.state);
  if (states.includes('online')) return 'lost';
  return states.every((each) => each === 'offline' || each === 'silent') ? 'unheard' : 'gone';
}

/** What the newest sample of the PC says of a field. */
function reading(pc: Machine, measurement: string, field: string): Known<number> | undefined {
  const sample = pc.latest().find((each) => each.measurement === measurement);
  const value = sample?.fields[field];
  return sample === undefined || typeof value !== 'number' ? undefined : { value, at: sample.time };
}

/** The folder of recorded lessons; undefined where nobody looks at it. */
function filesOf(pc: Machine): Facts['files'] {
  const sample = pc.latest().find(({ measurement }) => measurement === 'lesson_files');
  if (sample === undefined) return undefined;
  const { readable, entries, newest_age_s: newestAgeS = 0 } = sample.fields;
  const isTold = readable === true && typeof entries === 'number' && typeof newestAgeS === 'number';
  return { value: isTold ? { entries, newestAgeS } : undefined, at: sample.time };
}

/** What comes to a classroom, and how well. */
function reception(machines: readonly Machine[], pc?: Machine): Pick<Facts, 'links' | 'marginDb'> {
  const links: Partial<Record<LinkKind, Known<LinkState>>> = {};
  for (const link of linkKinds) {
    const known = linkOf(pc === undefined ? [] : [pc], link) ?? linkOf(othersFor(link, machines), link);
    if (known !== undefined) links[link] = known;
  }
  const marginDb = leastMargin(machines);
  return { links, ...(marginDb && { marginDb }) };
}

/**
 * Who measures a link for a room whose own PC does not: the signal of the dish is the school's, whoever reads it, and so is the stream as
 * it leaves the receiver.
 */
function othersFor(link: LinkKind, machines: readonly Machine[]): readonly Machine[] {
  if (link === 'satellite') return machines;
  return link === 'stream' ? machines.filter(({ kind }) => kind === 'receiver') : [];
}

/** Of those that are told at present: a receiver may have been taken away. */
function leastMargin(machines: readonly Machine[]): Known<number> | undefined {
  const margins = machines.flatMap((machine) =>
    machine
      .latest()
      .flatMap(({ measurement, fields, time }) =>
        measurement === 'signal' && typeof fields.margin_db === 'number'
          ? [{ value: fields.margin_db, at: time }]
          : [],
      ),
  );
  const newest = Math.max(...margins.map(({ at }) => at));
  return margins.filter(({ at }) => newest - at <= linkFreshS).toSorted((a, b) => a.value - b.value)[0];
}

/** A link as several agents see it: up where one sees it up, and good where all do. Undefined where nobody ever measured it. */
function linkOf(machines: readonly Machine[], link: LinkKind): Known<LinkState> | undefined {
  const seen = machines.flatMap(({ present }) =>
    present.links.flatMap((each) =>
      each.link === link && each.measuredAt !== undefined ? [{ value: each.state, at: each.measuredAt }] : [],
    ),
  );
  const known = seen.filter(({ value }) => value !== 'unknown');
  const telling = known.length > 0 ? known : seen;
  const [first] = telling;
  if (first === undefined) return undefined;
  const differ = telling.some(({ value }) => value !== first.value);
  return { value: differ ? 'degraded' : first.value, at: Math.max(...telling.map(({ at }) => at)) };
}
