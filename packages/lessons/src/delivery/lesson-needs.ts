import type { LinkKind } from '@tongtang/model/link';
import type { Lesson } from '@tongtang/model/timetable';
import type { MinuteState, Minutes } from './minute-state.ts';
import type { AgentMinutes } from './runs.ts';

/**
 * The links that a lesson needs beside the classroom's PC. A live lesson by satellite needs the satellite and its stream, one by
 * broadband the line. An embedded lesson needs the platform. A recorded lesson needs its files, and no link: see `withFiles`.
 */
export function needsOf({ mode, carrier }: Pick<Lesson, 'mode' | 'carrier'>): readonly LinkKind[] {
  switch (mode) {
    case 'live':
      return carrier === 'satellite' ? ['satellite', 'stream'] : ['broadband'];
    case 'embedded':
      return ['platform'];
    case 'recorded':
      return [];
  }
}

/** Who measures for a class. All minutes are of the same stretch. */
export type ClassView = Readonly<{
  /** Agents on PCs of its classroom. */
  classroom: readonly AgentMinutes[];
  /** What the school as a whole sees; see {@link schoolLink}. */
  school: ReadonlyMap<LinkKind, Minutes>;
}>;

/**
 * What the minutes of a lesson were for a class. A PC that was switched off or asleep goes before all else; then what is worst of what the
 * lesson needs. Where nothing is known of one need, and the others work, nothing is known of the minute. A class without an agent of
 * its own is judged by what its school sees.
 */
export function lessonMinutes(
  needs: readonly LinkKind[],
  { classroom, school }: ClassView,
  length: number,
): MinuteState[] {
  const tracks = needs.map((link) => ({
    own: bestOf(classroom, link, length),
    lan: bestOf(classroom, 'lan', length),
    school: school.get(link),
    // What a receiver gives to the school comes to the room over the LAN.
    overLan: link === 'stream' || link === 'platform',
  }));
  return Array.from({ length }, (_, at) => {
    const machine = machineAt(classroom, at);
    if (machine === 'off' || machine === 'asleep') return machine;
    const seen = tracks.map(({ own, lan, school: shared, overLan }): MinuteState => {
      const direct = own[at] ?? 'unknown';
      if (direct !== 'unknown') return direct;
      if (overLan && lan[at] === 'down') return 'down';
      const through = shared?.[at] ?? 'unknown';
      // A receiver's machine that is off says nothing of the dish.
      return through === 'off' || through === 'asleep' ? 'unknown' : through;
    });
    return worstOf(classroom.length === 0 ? seen : [...seen, machine]);
  });
}

const most = ['good', 'unknown', 'asleep', 'off'] as const satisfies readonly MinuteState[];

/** Several PCs of a room are one: it is on where one of them is. */
function machineAt(classroom: readonly AgentMinutes[], at: number): MinuteState {
  return (
    most.find((state) => classroom.some(({ machine }) => (machine[at] ?? 'unknown') === state)) ?? 'unknown'
  );
}

const worse = ['down', 'unknown', 'degraded', 'good'] as const satisfies readonly MinuteState[];

function worstOf(states: readonly MinuteState[]): MinuteState {
  return worse.find((state) => states.includes(state)) ?? 'unknown';
}

/** The better of two states goes before the other; of those that say nothing of a link, none does. */
const goodness: Readonly<Record<MinuteState, number>> = {
  good: 3,
  degraded: 2,
  down: 1,
  unknown: 0,
  off: 0,
  asleep: 0,
  excluded: 0,
};

/** A link that several agents see is as good as the one finds it that finds it best. */
function bestOf(agents: readonly AgentMinutes[], link: LinkKind, length: number): MinuteState[] {
  const best = new Array<MinuteState>(length).fill('unknown');
  for (const { links } of agents)
    for (const [at, state] of (links.get(link) ?? []).entries())
      if (at < length && goodness[state] > goodness[best[at] ?? 'unknown']) best[at] = state;
  return best;
}

/**
 * A school's own link, as its agents see it together. Satellite and stream are those of the agents beside receivers, where there are any.
 * In minutes in which none saw it, it is `off` or `asleep` where all of those were.
 */
export function schoolLink(
  link: LinkKind,
  agents: readonly (AgentMinutes & Readonly<{ kind: 'classroom' | 'receiver' }>)[],
  length: number,
): Minutes | undefined {
  const seeing = seeingOf(link, agents);
  if (seeing.length === 0) return undefined;
  const best = bestOf(seeing, link, length);
  for (const [at, state] of best.entries()) {
    if (state !== 'unknown') continue;
    const machine = machineAt(seeing, at);
    if (machine === 'off' || machine === 'asleep') best[at] = machine;
  }
  return best;
}

/** The agents of a school that its own link is judged by. */
export function seeingOf<Agent extends AgentMinutes & Readonly<{ kind: 'classroom' | 'receiver' }>>(
  link: LinkKind,
  agents: readonly Agent[],
): Agent[] {
  const receivers = agents.filter(({ kind }) => kind === 'receiver');
  const isReception = link === 'satellite' || link === 'stream';
  const asked = isReception && receivers.length > 0 ? receivers : agents;
  return asked.filter(({ links }) => links.has(link));
}
