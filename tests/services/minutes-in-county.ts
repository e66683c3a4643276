import { lessonMinutes, needsOf, schoolLink } from '@tongtang/lessons/delivery/lesson-needs';
import { linkMinutes } from '@tongtang/lessons/delivery/link-minutes';
import type { Heard, Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import type { AgentMinutes } from '@tongtang/lessons/delivery/runs';
import type { Mode } from '@tongtang/model/inventory';
import { type LinkKind, linkKinds } from '@tongtang/model/link';
import type { Sample } from '@tongtang/model/sample';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { trueStates } from '@tongtang/simulator/faults/truth';

/** Minutes of the simulated county as they are concluded from what it measures, and as they truly were. */

/** How long a run of a probe counts: three of its intervals, as live. */
export function freshSOf({ tasks }: Machine): (measurement: string, target: string) => number {
  const every = new Map(tasks.map(({ measurement, target, everyS }) => [`${measurement} ${target}`, everyS]));
  return (measurement, target) =>
    Math.min(900, Math.max(150, 3 * (every.get(`${measurement} ${target}`) ?? 0)));
}

/** What a machine says when people switch it on and off; a line that is cut does not carry it. */
export function wordsOf(county: SimulatedCounty, machine: Machine, { from, to }: Stretch): Heard[] {
  const words: Heard[] = [];
  let before = county.power(machine, from).state;
  for (let time = from; time < to; time += 1) {
    const { state } = county.power(machine, time);
    if (state === before) continue;
    if (county.speaks(machine, state === 'on' ? time : time - 1))
      words.push({ time, state: state === 'on' ? 'online' : state === 'off' ? 'stopping' : 'asleep' });
    before = state;
  }
  return words;
}

/** Concluded from what a machine measured around a stretch, in whatever order it is given. */
export function concluded(
  county: SimulatedCounty,
  machine: Machine,
  stretch: Stretch,
  samples: readonly Sample[],
): AgentMinutes {
  return linkMinutes({
    ...stretch,
    samples,
    heard: wordsOf(county, machine, { from: stretch.from - 86_400, to: stretch.to }),
    sleeps: [],
    aways: [],
    before: 'off',
    freshS: freshSOf(machine),
  });
}

/** What a link truly was in a minute: as the rule says, down in all of it, good in all of it, or neither. */
export function trulyWas(
  county: SimulatedCounty,
  machine: Machine,
  link: LinkKind,
  start: number,
): MinuteState {
  const states = [0, 10, 20, 30, 40, 50].map(
    (second) => trueStates(county, machine, start + second).get(link) ?? 'unknown',
  );
  const [first = 'unknown'] = states;
  return states.every((state) => state === first) ? first : 'degraded';
}

/** What a machine truly was in a minute. */
export function trulyRan(county: SimulatedCounty, machine: Machine, start: number): MinuteState {
  const { state } = county.power(machine, start);
  if (state !== 'on') return state;
  return county.measures(machine, start) ? 'good' : 'unknown';
}

export type ClassInCounty = Readonly<{ pc: Machine; receiver: Machine; mode: Mode }>;

export function classesOf({ machines }: SimulatedCounty): ClassInCounty[] {
  return machines.flatMap((pc): ClassInCounty[] => {
    const receiver = machines.find(({ kind, school }) => kind === 'receiver' && school.id === pc.school.id);
    const { mode } = pc.school;
    return pc.kind === 'receiver' || receiver === undefined || mode === undefined
      ? []
      : [{ pc, receiver, mode }];
  });
}

/** The minutes of a class in a lesson, concluded. */
export function classMinutes(
  { mode }: ClassInCounty,
  pc: AgentMinutes,
  receiver: AgentMinutes,
): MinuteState[] {
  const { length } = pc.machine;
  const agents = [
    { ...pc, kind: 'classroom' },
    { ...receiver, kind: 'receiver' },
  ] as const;
  const school = new Map(
    linkKinds.flatMap((link) => {
      const minutes = schoolLink(link, agents, length);
      return minutes === undefined ? [] : [[link, minutes] as const];
    }),
  );
  return lessonMinutes(needsOf({ mode, carrier: 'satellite' }), { classroom: [pc], school }, length);
}

/** The same, as it truly was: told apart from the rules above, by hand. */
export function trueClassMinute(
  county: SimulatedCounty,
  { pc, receiver, mode }: ClassInCounty,
  start: number,
): MinuteState {
  const ran = trulyRan(county, pc, start);
  if (ran === 'off' || ran === 'asleep') return ran;
  const platform = trulyWas(county, pc, 'platform', start);
  const satellite = trulyWas(county, receiver, 'satellite', start);
  const own = trulyWas(county, pc, 'stream', start);
  const stream = own === 'unknown' ? trulyWas(county, receiver, 'stream', start) : own;
  const needed = mode === 'live' ? [satellite, stream] : mode === 'embedded' ? [platform] : [];
  const all = [...needed, ran];
  return (['down', 'unknown', 'degraded'] as const).find((state) => all.includes(state)) ?? 'good';
}
