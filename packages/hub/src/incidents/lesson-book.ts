import { type ClassLesson, classLessonsOf } from '@tongtang/lessons/class-lessons';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import type { PlannedLesson } from '@tongtang/model/incident';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';

/**
 * The lessons of a county as incidents can hit them, kept by school and day. Of a school that the timetable does not have, each class
 * has one in every period of the inventory, Monday to Friday.
 */
export class LessonBook {
  readonly #inventory: Inventory;
  readonly #schools: ReadonlyMap<string, School>;
  /** What of the timetable concerns each school: to go through all of it for each would be slow. */
  readonly #timetables: ReadonlyMap<string, Timetable>;
  /** Terms, bells and calendar are for all schools, be they in the timetable or not. */
  readonly #ofNoSchool: Timetable | undefined;
  readonly #days = new Map<string, readonly PlannedLesson[]>();

  constructor(inventory: Inventory, timetable: Timetable | undefined) {
    this.#inventory = inventory;
    this.#schools = new Map(inventory.schools.map((school) => [school.id, school]));
    this.#timetables = timetable === undefined ? new Map() : partsOf(timetable);
    this.#ofNoSchool = timetable && { ...timetable, lessons: [], changes: [] };
  }

  /** Whether anybody has said when there are lessons. */
  get isFilled(): boolean {
    return this.#timetables.size > 0 || this.#inventory.periods.length > 0;
  }

  /** The lessons of a school on a day, in the order of their time. */
  of(school: string, date: PlainDate): readonly PlannedLesson[] {
    const key = `${date} ${school}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const lessons = this.#lessonsOf(school, date);
    this.#days.set(key, lessons);
    return lessons;
  }

  /** Those of a school that touch a span of time. */
  between(school: string, from: number, to: number): PlannedLesson[] {
    const { timezone } = this.#inventory.county;
    const lessons: PlannedLesson[] = [];
    const last = dayOf(to, timezone);
    for (let date = dayOf(from, timezone); date <= last; date = plusDays(date, 1))
      for (const lesson of this.of(school, date))
        if (lesson.start < to && lesson.end > from) lessons.push(lesson);
    return lessons;
  }

  #lessonsOf(id: string, date: PlainDate): PlannedLesson[] {
    const school = this.#schools.get(id);
    if (school === undefined) return [];
    const timetable = this.#timetables.get(id) ?? this.#ofNoSchool;
    return classLessonsOf({ inventory: this.#inventory, timetable }, school, date)
      .filter(({ cancelled }) => cancelled === undefined)
      .map(planned);
  }
}

function partsOf({ lessons, changes, ...rest }: Timetable): Map<string, Timetable> {
  const bySchool = Map.groupBy(lessons, ({ school }) => school);
  return new Map(
    [...bySchool].map(([id, own]) => [
      id,
      {
        ...rest,
        lessons: own,
        changes: changes.filter(({ school }) => school === undefined || school === id),
      },
    ]),
  );
}

function planned({
  school,
  class: of,
  classroom,
  subject,
  start,
  end,
  mode,
  carrier,
}: ClassLesson): PlannedLesson {
  const links = linksOf(mode, carrier);
  return { school, class: of, classroom, ...(subject !== undefined && { subject }), start, end, links };
}

/** What a lesson needs while it is held: the files of a recorded one are there by then. */
function linksOf(mode: ClassLesson['mode'], carrier: ClassLesson['carrier']): readonly LinkKind[] {
  switch (mode) {
    case 'recorded':
      return ['lan'];
    case 'embedded':
      return ['platform'];
    case 'live':
      return carrier === 'satellite' ? ['satellite', 'stream'] : ['broadband'];
  }
}
