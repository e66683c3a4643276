import { setImmediate as pause } from 'node:timers/promises';
import type { ClassLesson } from '@tongtang/lessons/class-lessons';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Facts } from '@tongtang/lessons/readiness/facts';
import { isUnderTheSun } from '@tongtang/lessons/readiness/needs';
import { readinessOf } from '@tongtang/lessons/readiness/readiness';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Inventory } from '@tongtang/model/inventory';
import type { Notice } from '@tongtang/model/notice';
import type { Readiness, ReadinessState } from '@tongtang/model/readiness';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { SunOutage } from '@tongtang/satellite/sun-outages';
import type {
  CheckedHead,
  CheckedLesson,
  ReadinessResults,
} from '@tongtang/store/readiness/readiness-results';
import type { Registry } from '@tongtang/store/registry/open';
import { silentS } from '../live/agent-view.ts';
import type { Fleet } from '../live/live.ts';
import type { openSunOutages } from '../sun-outages.ts';
import type { CountyDays } from './county-days.ts';
import { checkedBeforeS, isDue } from './due.ts';
import { readinessNotices } from './readiness-notices.ts';
import { type Machine, roomFacts } from './room-facts.ts';

/** An incident that is not over, with the lessons that it hits. */
export type OpenIncident = Pick<Incident, 'id' | 'from'> &
  Readonly<{ lessons: readonly Pick<PlannedLesson, 'school' | 'class' | 'start'>[] }>;

/** Announced work, of the whole county where it names no school. Hub time in seconds. */
export type AnnouncedWork = Readonly<{ school?: string; start: number; end: number }>;

export type LessonChecksParts = Readonly<{
  registry: Pick<Registry, 'inventories' | 'timetable' | 'agents'>;
  fleet: Pick<Fleet, 'agents' | 'latest'>;
  days: Pick<CountyDays, 'of'>;
  results: Pick<ReadinessResults, 'keep' | 'ofSchool' | 'heads'>;
  openIncidents: (county: string) => readonly OpenIncident[];
  announcedWork: (county: string, from: number, to: number) => readonly AnnouncedWork[];
  sunOutages: ReturnType<typeof openSunOutages>;
  /** Tells people; absent where nobody is to be told. */
  take?: ((notice: Notice) => unknown) | undefined;
  count: (state: ReadinessState) => void;
  /** Whether the clock is believed: by a wrong one it is the time of other lessons. */
  mayRun: () => boolean;
  /** Hub time in seconds. */
  nowS: () => number;
  log: Log;
}>;

/** After a start of the hub, agents come back within so long; before that nobody is called lost. Seconds. */
const settleS = silentS;
/** A check waits for that, and no longer than so long before its lesson. Seconds. */
const latestS = 60;
/** What a class was found to be so long ago may have been mended and broken again. Seconds. */
const beforeS = 4 * 3600;

/** What all checks that are made at one moment in a county go by. */
type Round = Readonly<{
  inventory: Inventory;
  now: number;
  /** When lessons of the county began of late, and begin soon. */
  starts: readonly number[];
  /** What was found of these lessons before, by lesson. */
  found: ReadonlyMap<string, CheckedHead>;
  /** By school. */
  machines: ReadonlyMap<string, readonly Machine[]>;
  /** By lesson. */
  incidents: ReadonlyMap<string, OpenIncident>;
  work: readonly AnnouncedWork[];
}>;

/** Checks the path of each class before its lessons, keeps what was found, and tells people. */
export class LessonChecks {
  readonly #parts: LessonChecksParts;
  readonly #startedAt: number;

  constructor(parts: LessonChecksParts) {
    this.#parts = parts;
    this.#startedAt = parts.nowS();
  }

  /** Makes the checks that are due. What fails in one county is logged, and tried again when it is called next. */
  async look(): Promise<void> {
    const { registry, mayRun, nowS, log } = this.#parts;
    if (!mayRun()) return;
    for (const inventory of registry.inventories())
      try {
        await this.#check(inventory, nowS());
      } catch (error) {
        log.error({ county: inventory.county.id, error: messageOf(error) }, 'lessons cannot be checked');
      }
  }

  async #check(inventory: Inventory, now: number): Promise<void> {
    const { results, openIncidents, announcedWork } = this.#parts;
    const county = inventory.county.id;
    const near = await this.#lessonsNear(inventory, now);
    if (near.length === 0) return;
    const last = Math.max(...near.map(({ start }) => start)) + 1;
    const found = new Map(results.heads(county, now, last).map((head) => [keyOf(head), head]));
    const due = near.filter((lesson) => isDue(lesson.start, found.get(keyOf(lesson))?.at, now));
    if (due.length === 0) return;
    const round: Round = {
      inventory,
      now,
      starts: await this.#startsBetween(inventory, now - beforeS, last),
      found,
      machines: this.#machinesOf(county),
      incidents: byLesson(openIncidents(county)),
      work: announcedWork(county, now, Math.max(...due.map(({ end }) => end))),
    };
    for (const [school, lessons] of Map.groupBy(due, (lesson) => lesson.school)) {
      await this.#checkSchool(round, school, lessons);
      // A large county has thousands of lessons at once: others come in between.
      await pause();
    }
  }

  async #checkSchool(round: Round, school: string, lessons: readonly ClassLesson[]): Promise<void> {
    const { results, take, count } = this.#parts;
    const { inventory, now, starts, found, machines, incidents, work } = round;
    const county = inventory.county.id;
    const outages = lessons.some(isUnderTheSun) ? await this.#outagesOf(inventory, school, now) : [];
    const readiness = lessons.map((lesson) => {
      const facts: Facts = {
        ...roomFacts(machines.get(school) ?? [], lesson.classroom, this.#hasSettled(now)),
        ...incidentOf(incidents, lesson),
        ...workWithin(work, lesson),
        ...sunWithin(outages, lesson),
      };
      return { lesson, readiness: readinessOf(lesson, facts, now) };
    });
    const concerns = readiness.some(
      (each) => each.readiness.state === 'not-ready' || found.get(keyOf(each.lesson))?.state === 'not-ready',
    );
    const before = lastOfClasses(concerns ? results.ofSchool(county, school, starts) : []);
    const checked = readiness.map((each) => ({
      ...each,
      first: found.get(keyOf(each.lesson)),
      before: before.get(each.lesson.class),
    }));
    // Before they are kept: where the disk refuses, all of it is done again, and a notice that is known changes nothing.
    for (const notice of readinessNotices(inventory, checked, now)) take?.(notice);
    results.keep(
      county,
      checked.map((each) => ({
        school,
        class: each.lesson.class,
        start: each.lesson.start,
        readiness: each.readiness,
      })),
    );
    for (const each of checked) count(each.readiness.state);
  }

  /** Lessons whose check may be due. */
  async #lessonsNear(inventory: Inventory, now: number): Promise<ClassLesson[]> {
    const lessons = await this.#lessonsOn(inventory, now, now + checkedBeforeS.first);
    return lessons.filter(({ start, cancelled }) => {
      const left = start - now;
      const waits = !this.#hasSettled(now) && left > latestS;
      return cancelled === undefined && left > 0 && left <= checkedBeforeS.first && !waits;
    });
  }

  async #startsBetween(inventory: Inventory, from: number, to: number): Promise<number[]> {
    const starts = (await this.#lessonsOn(inventory, from, to)).map(({ start }) => start);
    return [...new Set(starts)].filter((start) => start >= from && start < to);
  }

  /** The lessons of the day of one moment and that of another. */
  async #lessonsOn({ county }: Inventory, from: number, to: number): Promise<ClassLesson[]> {
    const dates = new Set([from, to].map((time) => dayOf(time, county.timezone)));
    const days = await Promise.all([...dates].map((date) => this.#parts.days.of(county.id, date)));
    return days.flatMap((day) => day?.lessons ?? []);
  }

  #hasSettled(now: number): boolean {
    return now - this.#startedAt >= settleS;
  }

  /** The agents of a county as they are now, by school. */
  #machinesOf(county: string): Map<string, Machine[]> {
    const { registry, fleet } = this.#parts;
    const kinds = new Map(registry.agents().map(({ id, kind }) => [id, kind]));
    const machines = fleet.agents().flatMap((present): Machine[] => {
      const kind = kinds.get(present.id);
      if (kind === undefined || present.place.county !== county) return [];
      return [{ kind, present, latest: () => fleet.latest(present.id) }];
    });
    return Map.groupBy(machines, ({ present }) => present.place.school);
  }

  async #outagesOf(inventory: Inventory, id: string, now: number): Promise<readonly SunOutage[]> {
    const school = inventory.schools.find((one) => one.id === id);
    if (school === undefined) return [];
    const timetable = this.#parts.registry.timetable(inventory.county.id);
    return (await this.#parts.sunOutages(inventory, timetable, school, now)).outages;
  }
}

function keyOf({ school, class: of, start }: Pick<CheckedLesson, 'school' | 'class' | 'start'>): string {
  return `${school}/${of}/${start}`;
}

/** Of each class of a school the newest, by class. */
function lastOfClasses(inOrder: readonly CheckedLesson[]): Map<string, Readiness> {
  return new Map(inOrder.map((each) => [each.class, each.readiness]));
}

/** The first incident that hits each lesson. */
function byLesson(incidents: readonly OpenIncident[]): Map<string, OpenIncident> {
  const hitting = new Map<string, OpenIncident>();
  for (const incident of incidents)
    for (const lesson of incident.lessons) {
      const key = keyOf(lesson);
      if (!hitting.has(key)) hitting.set(key, incident);
    }
  return hitting;
}

function incidentOf(
  incidents: ReadonlyMap<string, OpenIncident>,
  lesson: ClassLesson,
): Pick<Facts, 'incident'> {
  const hitting = incidents.get(keyOf(lesson));
  return hitting === undefined ? {} : { incident: { id: hitting.id, from: hitting.from } };
}

function sunWithin(outages: readonly SunOutage[], { start, end }: ClassLesson): Pick<Facts, 'sunOutage'> {
  const within = outages.find((each) => each.begin < end && each.end > start);
  return within === undefined ? {} : { sunOutage: { begin: within.begin, end: within.end } };
}

function workWithin(
  work: readonly AnnouncedWork[],
  { school, start, end }: ClassLesson,
): Pick<Facts, 'maintenance'> {
  const within = work.find(
    (each) => (each.school === undefined || each.school === school) && each.start < end && each.end > start,
  );
  return within === undefined ? {} : { maintenance: { start: within.start, end: within.end } };
}
