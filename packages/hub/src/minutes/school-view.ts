import { type ClassLesson, classLessonsOf, type LessonSource } from '@tongtang/lessons/class-lessons';
import type { SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import { withFiles } from '@tongtang/lessons/delivery/file-minutes';
import { type ClassView, lessonMinutes, needsOf, schoolLink } from '@tongtang/lessons/delivery/lesson-needs';
import type { Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import { type Minutes, minuteS } from '@tongtang/lessons/delivery/minute-state';
import { excluding } from '@tongtang/lessons/delivery/outcome';
import type { AgentMinutes } from '@tongtang/lessons/delivery/runs';
import type { AgentKind } from '@tongtang/model/agent-kind';
import type { Incident } from '@tongtang/model/incident';
import type { School } from '@tongtang/model/inventory';
import { type LinkKind, linkKinds } from '@tongtang/model/link';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Log } from '@tongtang/runtime/log';
import type { KeptDay, MinutesStore } from '@tongtang/store/minutes/minutes';
import { type CountyDay, countyDay } from './county-day.ts';
import { readDay } from './settle.ts';
import type { Surroundings } from './surroundings.ts';

export type OutcomesParts = Readonly<{
  minutes: Pick<MinutesStore, 'day' | 'settledTo'>;
  surroundings: Surroundings;
  log: Log;
}>;

/** The minutes of an agent of a school, with who it is. */
export type Seen = AgentMinutes & Readonly<{ agent: string; kind: AgentKind; classroom: string }>;

/** A lesson that is over, and its minutes. */
export type LessonView = Readonly<{
  lesson: ClassLesson;
  needs: readonly LinkKind[];
  /** Agents of its classroom. */
  own: readonly Seen[];
  /** Who measured for it in its minutes. */
  view: ClassView;
  /** What its needs carried, before its files were looked for and announced work was taken out. */
  carried: Minutes;
  minutes: Minutes;
  /** Those that took it; none where nothing was down. */
  hitting: readonly Incident[];
}>;

/** A school on a day, minute by minute, as its agents saw it. */
export type SchoolView = Readonly<{
  school: string;
  day: CountyDay;
  agents: readonly Seen[];
  /** Of the whole day, announced work taken out. */
  links: ReadonlyMap<LinkKind, Minutes>;
  lessons: readonly LessonView[];
  /** The minutes of the day in which a lesson was on, in their order. */
  inLessons: readonly number[];
  /** So many minutes of the day are settled. */
  known: number;
  /** Those of which anything is known, with the version of their minutes. */
  inputs: SchoolDay['inputs'];
}>;

/**
 * The schools of a county on a day, one after the other, from kept minutes. What is not settled yet is left out. Of a county of any size no more is in
 * memory than its kept minutes of the day, some hundred bytes an agent, and the school that is asked for.
 * @param wanted ids of schools; all where absent
 */
export function* schoolViews(
  parts: OutcomesParts,
  source: LessonSource,
  date: PlainDate,
  wanted?: ReadonlySet<string>,
): Generator<SchoolView> {
  const { county, schools } = source.inventory;
  const day = countyDay(date, county.timezone);
  const settledTo = Math.min(day.end, parts.minutes.settledTo(county.id) ?? 0);
  if (settledTo <= day.start) return;
  const kept = Map.groupBy(parts.minutes.day(county.id, date), ({ school }) => school);
  const span = { from: day.start, to: day.end };
  const incidents = bySchool(parts.surroundings.incidents(county, span));
  const work = parts.surroundings.work(county, span);
  for (const school of schools) {
    if (wanted?.has(school.id) === false) continue;
    yield viewOf({
      ...parts,
      source,
      school,
      day,
      settledTo,
      rows: kept.get(school.id) ?? [],
      work: work
        .filter((one) => one.school === undefined || one.school === school.id)
        .map(({ start, end }) => ({ from: start, to: end })),
      incidents: incidents.get(school.id) ?? [],
    });
  }
}

/** The incidents that may take lessons of a school: those in it, and those of a wider place that showed in it. */
function bySchool(incidents: readonly Incident[]): Map<string, Incident[]> {
  const found = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const { place, evidence } = incident;
    for (const school of new Set(place.school ? [place.school] : evidence.map((one) => one.school))) {
      const those = found.get(school) ?? [];
      those.push(incident);
      found.set(school, those);
    }
  }
  return found;
}

type OneSchool = Pick<OutcomesParts, 'surroundings' | 'log'> &
  Readonly<{
    source: LessonSource;
    school: School;
    day: CountyDay;
    settledTo: number;
    rows: readonly KeptDay[];
    /** Of the school. */
    work: readonly Stretch[];
    incidents: readonly Incident[];
  }>;

function viewOf(one: OneSchool): SchoolView {
  const { source, school, day, settledTo, rows, work, log } = one;
  const agents = rows.map((row): Seen => {
    const minutes = readDay(row, day, log);
    return { ...minutes, agent: row.agent, kind: row.kind, classroom: row.classroom };
  });
  const links = new Map(
    linkKinds.flatMap((link): [LinkKind, Minutes][] => {
      const minutes = schoolLink(link, agents, day.minutes);
      return minutes === undefined ? [] : [[link, excluding(minutes, day.start, work)]];
    }),
  );
  const over = classLessonsOf(source, school, day.date).filter(({ end }) => end <= settledTo);
  return {
    school: school.id,
    day,
    agents,
    links,
    lessons: over.map((lesson) => lessonView(one, lesson, agents, links)),
    inLessons: minutesOf(
      over.filter(({ cancelled }) => cancelled === undefined),
      day,
    ),
    known: (settledTo - day.start) / minuteS,
    inputs: rows.flatMap(({ agent, revision, fingerprint }, at) => {
      const own = agents[at];
      return own !== undefined && isPresent(own) ? [{ agent, revision, fingerprint }] : [];
    }),
  };
}

function lessonView(
  { day, work, incidents, surroundings }: OneSchool,
  lesson: ClassLesson,
  agents: readonly Seen[],
  links: ReadonlyMap<LinkKind, Minutes>,
): LessonView {
  const { classroom, start, end } = lesson;
  const [first, last] = [(start - day.start) / minuteS, (end - day.start) / minuteS];
  const part = (minutes: Minutes): Minutes => minutes.slice(first, last);
  const partOf = (agent: AgentMinutes): AgentMinutes => ({
    machine: part(agent.machine),
    links: new Map([...agent.links].map(([link, minutes]) => [link, part(minutes)])),
  });
  const needs = needsOf(lesson);
  const own = presentOf(
    agents.filter((agent) => agent.classroom === classroom && agent.kind === 'classroom'),
  );
  const school = new Map([...links].map(([link, all]) => [link, part(all)]));
  const view = { classroom: own.map(partOf), school };
  const carried = lessonMinutes(needs, view, last - first);
  const files = own.flatMap((agent) => (agent.files === undefined ? [] : [part(agent.files)]));
  const there = lesson.mode === 'recorded' ? withFiles(carried, files) : carried;
  const minutes = excluding(there, start, work);
  const planned = { ...lesson, links: needs };
  const hitting = there.includes('down')
    ? incidents.filter((incident) => surroundings.hits(incident, planned))
    : [];
  return { lesson, needs, own, view, carried, minutes, hitting };
}

/**
 * The agents of a room without those that were silent all day, beside one that was not: their machine was replaced. A room whose agents were all
 * silent is unknown, and not as if it had none.
 */
function presentOf(agents: readonly Seen[]): readonly Seen[] {
  const present = agents.filter(isPresent);
  return present.length > 0 ? present : agents;
}

/** Whether anything is known of an agent's day. */
function isPresent({ machine }: AgentMinutes): boolean {
  return machine.some((state) => state !== 'unknown');
}

/** The minutes of a day in which any of some lessons is on. */
function minutesOf(lessons: readonly ClassLesson[], { start: begin }: CountyDay): number[] {
  const minutes = new Set<number>();
  for (const { start, end } of lessons)
    for (let at = (start - begin) / minuteS; at < (end - begin) / minuteS; at += 1) minutes.add(at);
  return [...minutes].sort((a, b) => a - b);
}
