import type { Inventory } from '@tongtang/model/inventory';
import type { Text } from '@tongtang/model/text';
import type {
  ClassAddress,
  Lesson,
  LessonChange,
  PlainDate,
  Slot,
  Swap,
  Timetable,
} from '@tongtang/model/timetable';
import { type LessonName, lessonOfUid } from '../lesson-uid.ts';
import { schoolLessonsOf } from '../lessons-of.ts';
import { clockOf, dayOf, isPlainDate, plusDays, secondsAt } from '../plain-date.ts';
import type { Place, Problem } from '../problem.ts';
import { periodsOf } from '../school-day.ts';
import { namedIn } from './cells.ts';
import type { Placed } from './row-reader.ts';
import { plain } from './sheet.ts';

/** An entry of a calendar that has a time. Seconds since 1970. */
export type TimedEvent = Readonly<{
  place: Place;
  title: string;
  location: string;
  uid: string;
  isCancelled: boolean;
  start: number;
  end: number;
}>;

const cancels = /停课|取消|放假|考试|cancel|no (?:class|lesson)|holiday|exam/i;
const moves = /调课|[调改移挪换]\s*[到至]|moved?\b|swap/i;
const target = /(\d{4}-\d\d-\d\d)\s*(?:第\s*(\d{1,2})\s*节|period\s*(\d{1,2})|(\d{1,2}:\d\d))/i;
/** An event of weeks is a mistake, not a cancellation. */
const mostDays = 14;

type Answer = readonly LessonChange[] | Text;

/**
 * What the entries of calendars that have a time change: a lesson of ours that stands elsewhere than it did is moved, one that is cancelled
 * is cancelled; any other entry cancels the lessons that it covers, or moves them, as its title says.
 * @param timetable what they are changes of
 */
export function changesOf(
  events: readonly TimedEvent[],
  timetable: Timetable,
  inventory: Inventory,
  problems: Problem[],
): Placed<LessonChange>[] {
  const reader = new EventReader(events, timetable, inventory);
  const known = new Set(timetable.changes.map(keyOf));
  const isNews = (change: LessonChange): boolean => {
    const key = keyOf(change);
    return !known.has(key) && known.add(key).has(key);
  };
  return events.flatMap((event) => {
    const answer = reader.changes(event);
    if ('zh' in answer) {
      problems.push({ place: event.place, text: answer });
      return [];
    }
    return answer.filter(isNews).map((entry) => ({ entry, place: event.place }));
  });
}

class EventReader {
  readonly #timetable: Timetable;
  readonly #inventory: Inventory;
  /** By school and day, for entries are many. */
  readonly #held = new Map<string, readonly Lesson[]>();
  /** Changes that were imported before: the same calendar may come again. */
  readonly #before: ReadonlySet<string>;
  /** Where lessons of ours that are moved by these entries go: two may change places. */
  readonly #moved = new Map<string, Slot>();

  constructor(events: readonly TimedEvent[], timetable: Timetable, inventory: Inventory) {
    this.#timetable = timetable;
    this.#inventory = inventory;
    this.#before = new Set(timetable.changes.map(keyOf));
    for (const event of events) {
      const lesson = lessonOfUid(event.uid);
      const slot = lesson && !event.isCancelled ? this.#slotOf(event, lesson.school) : undefined;
      if (lesson !== undefined && slot !== undefined) this.#moved.set(slotKey(lesson, lesson), slot);
    }
  }

  changes(event: TimedEvent): Answer {
    const lesson = lessonOfUid(event.uid);
    if (lesson !== undefined) return this.#ofLesson(event, lesson);
    if (event.isCancelled) return [];
    const { title } = event;
    const [isMove, isCancellation] = [moves.test(title), cancels.test(title)];
    if (isMove === isCancellation)
      return {
        zh: `“${title}”看不出是停课还是调课：标题写“停课”，或“调到 2026-09-11 第 3 节”`,
        en: `"${title}" does not say whether lessons are cancelled or moved: call it "cancelled", or "moved to 2026-09-11 period 3"`,
      };
    const covered = this.#covered(event);
    if ('zh' in covered) return covered;
    return isMove ? this.#move(title, covered) : cancelled(covered);
  }

  #ofLesson(event: TimedEvent, lesson: LessonName): Answer {
    const { school, class: of, date, period } = lesson;
    const address = { school, class: of };
    if (lesson.county !== this.#inventory.county.id)
      return {
        zh: `是另一个县的课（${lesson.county}）`,
        en: `it is a lesson of another county (${lesson.county})`,
      };
    if (event.isCancelled) {
      const cancellation = { kind: 'cancelled', ...address, date, period } as const;
      if (this.#before.has(keyOf(cancellation))) return [];
      return this.#lessonAt(lesson, lesson) === undefined ? noLesson(event.title, lesson) : [cancellation];
    }
    const slot = this.#slotOf(event, school);
    if (slot === undefined) {
      const time = clockOf(event.start, this.#timezone);
      const day = dayOf(event.start, this.#timezone);
      return {
        zh: `${day} ${time} 不在该校的任何一节`,
        en: `no period of the school is at ${time} on ${day}`,
      };
    }
    if (slot.date === date && slot.period === period) return [];
    if (this.#before.has(keyOf(swapOf(address, lesson, slot)))) return [];
    if (this.#lessonAt(lesson, lesson) === undefined) return noLesson(event.title, lesson);
    return this.#swap(address, lesson, slot);
  }

  /** The period of a school that an entry takes most of, at least half of it. */
  #slotOf({ start, end }: TimedEvent, school: string): Slot | undefined {
    const date = dayOf(start, this.#timezone);
    let best: { slot: Slot; share: number } | undefined;
    for (const { n, start: from, end: to } of periodsOf(this.#timetable, school, date)) {
      const [begin, over] = [from, to].map((clock) => secondsAt(date, clock, this.#timezone));
      if (begin === undefined || over === undefined) continue;
      const share = (Math.min(end, over) - Math.max(start, begin)) / (over - begin);
      if (share >= 0.5 && share > (best?.share ?? 0)) best = { slot: { date, period: n }, share };
    }
    return best?.slot;
  }

  /** The lessons that an entry touches: of the class or school that stands as its location, of all without one. */
  #covered({ start, end, location, title }: TimedEvent): readonly Lesson[] | Text {
    if (end - start > mostDays * 86_400)
      return { zh: `“${title}”超过 ${mostDays} 天`, en: `"${title}" lasts more than ${mostDays} days` };
    const scope = location === '' ? {} : this.#scopeOf(location);
    if ('zh' in scope) return scope;
    const schools = scope.school === undefined ? this.#inventory.schools.map(({ id }) => id) : [scope.school];
    const covered: Lesson[] = [];
    const last = dayOf(end, this.#timezone);
    for (let date = dayOf(start, this.#timezone); date <= last; date = plusDays(date, 1))
      for (const school of schools)
        for (const lesson of this.#heldOn(school, date))
          if (lesson.start < end && lesson.end > start && (scope.class ?? lesson.class) === lesson.class)
            covered.push(lesson);
    if (covered.length > 0) return covered;
    const [day, time] = [dayOf(start, this.#timezone), clockOf(start, this.#timezone)];
    return {
      zh: `${day} ${time} “${title}”期间没有课`,
      en: `there is no lesson on ${day} at ${time}, when "${title}" is`,
    };
  }

  /** A school, or a class after its school, by name or id: as exported lessons have it. */
  #scopeOf(location: string): Readonly<{ school?: string; class?: string }> | Text {
    const schoolIn = namedIn({ zh: '学校', en: 'school' }, this.#inventory.schools);
    const whole = schoolIn(location);
    if ('value' in whole) return { school: whole.value };
    const words = location.split(' ');
    for (let at = words.length - 1; at > 0; at -= 1) {
      const school = schoolIn(words.slice(0, at).join(' '));
      if (!('value' in school)) continue;
      const classes = this.#inventory.schools.find(({ id }) => id === school.value)?.classes ?? [];
      const of = namedIn({ zh: '班级', en: 'class' }, classes)(words.slice(at).join(' '));
      return 'value' in of ? { school: school.value, class: of.value } : of.problem;
    }
    return whole.problem;
  }

  #move(title: string, covered: readonly Lesson[]): Answer {
    const [, date, ...times] = target.exec(plain(title).replaceAll(/\s+/g, ' ')) ?? [];
    if (date === undefined || !isPlainDate(date))
      return {
        zh: `“${title}”没有说调到哪天哪节：如“调到 2026-09-11 第 3 节”`,
        en: `"${title}" does not say to where: such as "moved to 2026-09-11 period 3"`,
      };
    const classes = covered.map(({ school, class: of }) => `${school}/${of}`);
    if (new Set(classes).size < classes.length)
      return {
        zh: `“${title}”占了一个班的几节课：每节单独列出`,
        en: `"${title}" covers several lessons of a class: enter each of them`,
      };
    const changes: LessonChange[] = [];
    for (const lesson of covered) {
      const slot = this.#targetOf(lesson.school, date, times);
      if (slot === undefined)
        return {
          zh: `${date} 该校没有“${times.find(Boolean) ?? ''}”这一节`,
          en: `the school has no period "${times.find(Boolean) ?? ''}" on ${date}`,
        };
      const answer = this.#swap(lesson, lesson, slot);
      if ('zh' in answer) return answer;
      changes.push(...answer);
    }
    return changes;
  }

  #targetOf(
    school: string,
    date: PlainDate,
    [zh, en, clock]: readonly (string | undefined)[],
  ): Slot | undefined {
    const periods = periodsOf(this.#timetable, school, date);
    const number = zh ?? en;
    const found = periods.find(({ n, start }) =>
      number === undefined ? start === clock?.padStart(5, '0') : n === Number(number),
    );
    return found && { date, period: found.n };
  }

  /** A lesson goes to a free period, or changes places with one that goes to its own. */
  #swap(address: ClassAddress, from: Slot, to: Slot): Answer {
    const there = this.#lessonAt(address, to);
    const back = this.#moved.get(slotKey(address, to));
    if (there !== undefined && (back?.date !== from.date || back.period !== from.period))
      return {
        zh: `该班 ${to.date} 第 ${to.period} 节已有“${there.subject}”：把它移到 ${from.date} 第 ${from.period} 节，或在“调课”表中写明`,
        en: `the class has "${there.subject}" in period ${to.period} of ${to.date}: move that to period ${from.period} of ${from.date}, or say it in the sheet of changes`,
      };
    return [swapOf(address, from, to)];
  }

  #lessonAt({ school, class: of }: ClassAddress, { date, period }: Slot): Lesson | undefined {
    return this.#heldOn(school, date).find((lesson) => lesson.class === of && lesson.period === period);
  }

  #heldOn(school: string, date: PlainDate): readonly Lesson[] {
    const key = `${date} ${school}`;
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const { held } = schoolLessonsOf(this.#timetable, school, date, this.#timezone);
    this.#held.set(key, held);
    return held;
  }

  get #timezone(): string {
    return this.#inventory.county.timezone;
  }
}

function cancelled(covered: readonly Lesson[]): LessonChange[] {
  return covered.map(({ school, class: of, date, period }) => ({
    kind: 'cancelled',
    date,
    school,
    class: of,
    period,
  }));
}

/** The same whichever of the two is looked at. */
function swapOf({ school, class: of }: ClassAddress, from: Slot, to: Slot): Swap {
  const isFirst = from.date < to.date || (from.date === to.date && from.period < to.period);
  const [{ date, period }, other] = isFirst ? [from, to] : [to, from];
  return {
    kind: 'swapped',
    school,
    class: of,
    date,
    period,
    with: { date: other.date, period: other.period },
  };
}

function noLesson(title: string, { date, period }: Slot): Text {
  return {
    zh: `“${title}”：${date} 第 ${period} 节已没有这节课`,
    en: `"${title}": there is no such lesson in period ${period} of ${date} any more`,
  };
}

function slotKey({ school, class: of }: ClassAddress, slot: Slot): string {
  return [school, of, slot.date, slot.period].join('/');
}

function keyOf(change: LessonChange): string {
  const { kind, date, school = '', class: of = '', period = '' } = change;
  const other = change.kind === 'swapped' ? [change.with.date, change.with.period] : [];
  return [kind, school, of, date, period, ...other].join('/');
}
