import { setImmediate as pause } from 'node:timers/promises';
import type { ClassLesson } from '@tongtang/lessons/class-lessons';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Facts } from '@tongtang/lessons/readiness/facts';
import { isUnderTheSun } from '@tongtang/lessons/readiness/needs';
import { readinessOf } from '@tongtang/lessons/readiness/readiness';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Inventory } from '@tongtang/model/inventory';
import type { Notice } from '@tongtang/model/notice';
import type { ReadinessState } from '@tongtang/model/readiness';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { CheckedLesson, ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import type { Registry } from '@tongtang/store/registry/open';
import { silentS } from '../live/agent-view.ts';
import type { Fleet } from '../live/live.ts';
import type { openSunOutages } from '../sun-outages.ts';
import type { CountyDays } from './county-days.ts';
import { checkedBeforeS, isDue } from './due.ts';
import { type JustChecked, readinessNotices } from './readiness-notices.ts';
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
  results: Pick<ReadinessResults, 'keep' | 'between'>;
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

type Due = Readonly<{ inventory: Inventory; lesson: ClassLesson }>;

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
    const { results, openIncidents, announcedWork, take, count } = this.#parts;
    const county = inventory.county.id;
    const near = this.#lessonsNear(inventory, now);
    if (near.length === 0) return;
    const last = Math.max(...near.map(({ start }) => start)) + 1;
    const kept = new Map(results.between(county, now, last).map((each) => [keyOf(each), each.readiness]));
    const due = near.filter((lesson) => isDue(lesson.start, kept.get(keyOf(lesson))?.at, now));
    if (due.length === 0) return;

    const before = lastOfClasses(results.between(county, now - beforeS, last));
    const machines = this.#machinesOf(county);
    const incidents = openIncidents(county);
    const work = announcedWork(county, now, Math.max(...due.map(({ end }) => end)));
    const checked: JustChecked[] = [];
    for (const lesson of due) {
      const ofSchool = machines.get(lesson.school) ?? [];
      const facts: Facts = {
        ...roomFacts(ofSchool, lesson.classroom, this.#hasSettled(now)),
        ...incidentOf(incidents, lesson),
        ...workWithin(work, lesson),
        ...(await this.#sunWithin({ inventory, lesson }, now)),
      };
      const readiness = readinessOf(lesson, facts, now);
      const first = kept.get(keyOf(lesson));
      checked.push({ lesson, readiness, first, before: before.get(classOf(lesson)) });
    }
    // Before they are kept: where the disk refuses, all of it is done again, and a notice that is known changes nothing.
    for (const notice of readinessNotices(inventory, checked, now)) take?.(notice);
    results.keep(
      county,
      checked.map(({ lesson: { school, class: of, start }, readiness }) => ({
        school,
        class: of,
        start,
        readiness,
      })),
    );
    for (const { readiness } of checked) count(readiness.state);
  }

  /** Lessons whose check may be due. */
  #lessonsNear({ county }: Inventory, now: number): ClassLesson[] {
    const dates = new Set([now, now + checkedBeforeS.first].map((time) => dayOf(time, county.timezone)));
    return [...dates]
      .flatMap((date) => this.#parts.days.of(county.id, date)?.lessons ?? [])
      .filter(({ start, cancelled }) => {
        const left = start - now;
        const waits = !this.#hasSettled(now) && left > latestS;
        return cancelled === undefined && left > 0 && left <= checkedBeforeS.first && !waits;
      });
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

  async #sunWithin({ inventory, lesson }: Due, now: number): Promise<Pick<Facts, 'sunOutage'>> {
    const school = inventory.schools.find(({ id }) => id === lesson.school);
    if (school === undefined || !isUnderTheSun(lesson)) return {};
    const timetable = this.#parts.registry.timetable(inventory.county.id);
    const { outages } = await this.#parts.sunOutages(inventory, timetable, school, now);
    // A year of one school takes 20 ms to compute: others come in between.
    await pause();
    const within = outages.find(({ begin, end }) => begin < lesson.end && end > lesson.start);
    return within === undefined ? {} : { sunOutage: { begin: within.begin, end: within.end } };
  }
}

function keyOf({ school, class: of, start }: Pick<CheckedLesson, 'school' | 'class' | 'start'>): string {
  return `${school}/${of}/${start}`;
}

function classOf({ school, class: of }: Pick<CheckedLesson, 'school' | 'class'>): string {
  return `${school}/${of}`;
}

function lastOfClasses(inOrder: readonly CheckedLesson[]): Map<string, CheckedLesson['readiness']> {
  return new Map(inOrder.map((each) => [classOf(each), each.readiness]));
}

function incidentOf(
  incidents: readonly OpenIncident[],
  { school, class: of, start }: ClassLesson,
): Pick<Facts, 'incident'> {
  const hitting = incidents.find(({ lessons }) =>
    lessons.some((lesson) => lesson.school === school && lesson.class === of && lesson.start === start),
  );
  return hitting === undefined ? {} : { incident: { id: hitting.id, from: hitting.from } };
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
