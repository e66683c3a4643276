import type { Cause, IncidentNode } from '@tongtang/model/incident';
import type { SettledAgent, Topology } from '../topology.ts';
import { monday } from './county.ts';
import type { Random } from './random.ts';
import type { TroubleOf } from './world.ts';

/** A fault as it plays, with what should be found; without an answer there should be no incident. */
export type Fault = Readonly<{
  troubleOf: TroubleOf;
  start: number;
  end: number;
  answer?: Readonly<{ node: IncidentNode; cause: Cause; school?: string }>;
  /** What the topology must have for it. */
  sunOutages?: Topology['sunOutages'];
  /** How long the play is beyond the customary hour and a half. */
  playTo?: number;
  aways?: readonly Readonly<{ from: number; to: number }>[];
}>;

type Maker = (topology: Topology, random: Random) => Fault;

const at = (start: number, end: number, time: number): boolean => time >= start && time < end;

/** Between the second and the third lesson of Monday, for ten to twenty minutes. */
function someTime(random: Random): { start: number; end: number } {
  const start = Math.floor(monday + random.between(9.2, 9.5) * 3600);
  return { start, end: Math.floor(start + random.between(600, 1200)) };
}

const several = ({ schools, agents }: Topology): string[] =>
  schools.map(({ id }) => id).filter((id) => agents.filter(({ school }) => school === id).length > 2);

function atSchool(
  trouble: ReturnType<TroubleOf>,
  answer: Omit<NonNullable<Fault['answer']>, 'school'>,
): Maker {
  return (topology, random) => {
    const { start, end } = someTime(random);
    const school = random.pick(topology.schools).id;
    return {
      start,
      end,
      troubleOf: (agent, time) => (agent.school === school && at(start, end, time) ? trouble : {}),
      answer: { ...answer, school },
    };
  };
}

function onOnePc(
  trouble: ReturnType<TroubleOf>,
  answer: Omit<NonNullable<Fault['answer']>, 'school'> | undefined,
): Maker {
  return (topology, random) => {
    const { start, end } = someTime(random);
    const school = random.pick(several(topology));
    const pc = random.pick(
      topology.agents.filter((agent) => agent.school === school && agent.kind === 'classroom'),
    );
    return {
      start,
      end,
      troubleOf: ({ id }, time) => (id === pc.id && at(start, end, time) ? trouble : {}),
      ...(answer !== undefined && { answer: { ...answer, school } }),
    };
  };
}

/** A course of C/N at one school. */
function fading(
  fadeDb: (time: number, start: number, end: number) => number,
  answer: Omit<NonNullable<Fault['answer']>, 'school'>,
): Maker {
  return (topology, random) => {
    const start = Math.floor(monday + random.between(9.2, 9.4) * 3600);
    const end = start + Math.floor(random.between(1500, 2400));
    const school = random.pick(topology.schools).id;
    return {
      start,
      end,
      troubleOf: (agent, time) =>
        agent.school === school && at(start, end, time) ? { fadeDb: fadeDb(time, start, end) } : {},
      answer: { ...answer, school },
    };
  };
}

/** Up in the first third, down in the last. */
const slope = (time: number, start: number, end: number): number =>
  Math.min(1, (3 * (time - start)) / (end - start), (3 * (end - time)) / (end - start));

/** The kinds of faults, each made by chance from a seed. */
export const faults: Readonly<Record<string, Maker>> = {
  'cut fibre of a school': atSchool({ line: true }, { node: 'broadband', cause: 'line-cut' }),
  'provider outage': ({ schools }, random) => {
    const { start, end } = someTime(random);
    const own = new Set(schools.filter(({ provider }) => provider === 'mobile').map(({ id }) => id));
    return {
      start,
      end,
      troubleOf: ({ school }, time) => (own.has(school) && at(start, end, time) ? { line: true } : {}),
      answer: { node: 'broadband', cause: 'provider-outage' },
    };
  },
  'front-end outage': ({ schools }, random) => {
    const { start, end } = someTime(random);
    const own = new Set(schools.filter(({ frontEnd }) => frontEnd === 'seven').map(({ id }) => id));
    return {
      start,
      end,
      troubleOf: ({ school }, time) => (own.has(school) && at(start, end, time) ? { streamGone: true } : {}),
      answer: { node: 'front-end', cause: 'front-end-outage' },
    };
  },
  'carrier of the satellite gone': (_, random) => {
    const { start, end } = someTime(random);
    return {
      start,
      end,
      troubleOf: (_agent, time) => (at(start, end, time) ? { fadeDb: 30 } : {}),
      answer: { node: 'satellite', cause: 'carrier-lost' },
    };
  },
  'rain fade': fading((time, start, end) => 10 * slope(time, start, end), {
    node: 'dish',
    cause: 'rain-fade',
  }),
  'sun outage': ({ schools }, random) => {
    const start = Math.floor(monday + random.between(9.3, 9.6) * 3600);
    const end = start + 540;
    const middle = (start + end) / 2;
    return {
      start,
      end,
      troubleOf: (_agent, time) =>
        at(start, end, time) ? { fadeDb: 10 * (1 - Math.abs(time - middle) / 270) } : {},
      sunOutages: new Map(schools.map(({ id }) => [id, [{ begin: start, end }]])),
      answer: { node: 'dish', cause: 'sun-outage' },
    };
  },
  'dish moved': fading(() => 6, { node: 'dish', cause: 'mispointing' }),
  'LNB lost': fading(() => 30, { node: 'dish', cause: 'lnb-loss' }),
  'receiver off': atSchool({ receiverOff: true }, { node: 'receiver', cause: 'receiver-off' }),
  'stream gone, lock fine': atSchool({ streamGone: true }, { node: 'stream', cause: 'stream-lost' }),
  'stream damaged in the LAN': atSchool({ streamLoss: 0.05 }, { node: 'stream', cause: 'stream-damaged' }),
  'loop or switch in the LAN': (topology, random) => {
    const { start, end } = someTime(random);
    const school = random.pick(several(topology));
    const rooms = topology.agents.filter((agent) => agent.school === school);
    const behind = new Set(
      rooms.slice(0, Math.max(2, Math.floor(random.between(2, rooms.length + 1)))).map(idOf),
    );
    return {
      start,
      end,
      troubleOf: ({ id }, time) => (behind.has(id) && at(start, end, time) ? { gateway: true } : {}),
      answer: { node: 'lan', cause: 'lan-failure', school },
    };
  },
  'cable of one PC': onOnePc({ cable: true }, { node: 'classroom', cause: 'pc-cable' }),
  'full disk': onOnePc({ diskUsed: 0.99 }, { node: 'classroom', cause: 'disk-full' }),
  'wrong clock': onOnePc({ clockMs: 3_600_000 }, { node: 'classroom', cause: 'clock-wrong' }),
  'congested line': atSchool({ congested: true }, { node: 'broadband', cause: 'congestion' }),
  'agent ended by itself': onOnePc({ ended: true }, { node: 'classroom', cause: 'agent-ended' }),
  'power cut of a school': (topology, random) => {
    const { start, end } = someTime(random);
    const school = random.pick(several(topology));
    return {
      start,
      end,
      troubleOf: (agent, time) => (agent.school === school && at(start, end, time) ? { off: 'hard' } : {}),
      answer: { node: 'school', cause: 'power-lost', school },
    };
  },
  'PC switched off by people': onOnePc({ off: 'order' }, undefined),
  'PC put to sleep': onOnePc({ off: 'asleep' }, undefined),
  'hub away for a week': (_, random) => {
    const start = Math.floor(monday + random.between(9.2, 9.5) * 3600);
    const end = start + 7 * 86_400;
    return {
      start,
      end,
      playTo: end + 1800,
      aways: [{ from: start, to: end }],
      // People come at eight and go at eleven; receivers stay on.
      troubleOf: ({ kind }, time) => {
        const hour = ((time - monday) % 86_400) / 3600;
        const away = at(start, end, time) ? { hub: true as const } : {};
        return kind === 'classroom' && (hour < 8 || hour > 11) ? { off: 'order' } : away;
      },
      answer: { node: 'hub', cause: 'hub-away' },
    };
  },
};

function idOf({ id }: SettledAgent): string {
  return id;
}
