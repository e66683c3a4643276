import { createHash } from 'node:crypto';
import type { LinkOfDay, OutcomeOfLesson, SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import {
  availabilityOf,
  coverageOf,
  sumOf,
  type Tally,
  tallyOf,
} from '@tongtang/lessons/delivery/minute-state';
import type { OutcomeState } from '@tongtang/lessons/delivery/outcome';
import { clockOf } from '@tongtang/lessons/plain-date';
import type { Cause } from '@tongtang/model/incident';
import type { Mode } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { PlainDate } from '@tongtang/model/timetable';
import type { Delivery } from './report.ts';

/** Schools of a report on one day: all of them, or a slice that others of the same day follow. */
export type ReportDay = Readonly<{ date: PlainDate; schools: readonly SchoolDay[] }>;

export type Loss = Readonly<{ minutes: number; lessons: number }>;

type Counted = Readonly<{ lessons: Delivery['lessons']; minutes: Tally }>;

/** What adds up over days: a day at a time, so that a term takes no more memory than its sums. */
export class Sums {
  readonly #timezone: string;
  readonly #version = createHash('sha256');
  readonly #all = new Count<'all'>();
  readonly modes = new Count<Mode>();
  readonly hours = new Count<number>();
  readonly days = new Count<PlainDate>();
  readonly schools = new Count<string>();
  /** By school, then class. */
  readonly classes = new Map<string, Count<string>>();
  readonly links = new Map<string, Map<LinkKind, LinkOfDay>>();
  readonly causes = new Map<Cause, Loss>();
  /** By incident. */
  readonly incidents = new Map<string, Loss>();
  /** By day and hour. */
  readonly lostHours = new Map<string, Loss & Readonly<{ date: PlainDate; hour: number }>>();
  /** Agents, and days with minutes of any, by school. */
  readonly seen = new Map<string, Readonly<{ agents: Set<string>; days: number }>>();
  agentDays = 0;

  /** @param timezone of the county */
  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  get all(): Delivery {
    return this.#all.of('all');
  }

  /** Of all minutes that were added, in their order. */
  fingerprint(): string {
    return this.#version.copy().digest('hex').slice(0, 16);
  }

  add({ date, schools }: ReportDay): void {
    for (const { school, lessons, links, inputs } of schools) {
      this.#note(date, school, inputs);
      for (const lesson of lessons) this.#count(date, lesson);
      const known = this.links.get(school) ?? new Map<LinkKind, LinkOfDay>();
      this.links.set(school, known);
      for (const one of links) {
        const before = known.get(one.link);
        known.set(one.link, {
          link: one.link,
          lessons: sumOf([one.lessons, ...(before ? [before.lessons] : [])]),
          always: sumOf([one.always, ...(before ? [before.always] : [])]),
        });
      }
    }
  }

  #note(date: PlainDate, school: string, inputs: SchoolDay['inputs']): void {
    const seen = this.seen.get(school) ?? { agents: new Set(), days: 0 };
    for (const { agent, fingerprint } of inputs) {
      // Not how often they were found to be other than before: the same minutes make the same report, however late some came.
      this.#version.update(`${date} ${school} ${agent} ${fingerprint}\n`);
      this.agentDays += 1;
      seen.agents.add(agent);
    }
    this.seen.set(school, { agents: seen.agents, days: seen.days + (inputs.length > 0 ? 1 : 0) });
  }

  #count(date: PlainDate, lesson: OutcomeOfLesson): void {
    // What was cancelled needed nothing.
    const minutes = lesson.cancelled ? tallyOf([]) : lesson.minutes;
    const hour = Number(clockOf(lesson.start, this.#timezone).slice(0, 2));
    const classes = this.classes.get(lesson.school) ?? new Count<string>();
    this.classes.set(lesson.school, classes);
    this.#all.add('all', lesson.state, minutes);
    this.modes.add(lesson.mode, lesson.state, minutes);
    this.hours.add(hour, lesson.state, minutes);
    this.days.add(date, lesson.state, minutes);
    this.schools.add(lesson.school, lesson.state, minutes);
    classes.add(lesson.class, lesson.state, minutes);
    if (lesson.cancelled || lesson.minutes.down === 0) return;
    const slot = `${date} ${hour}`;
    this.lostHours.set(slot, { date, hour, ...more(this.lostHours.get(slot), minutes.down) });
    // Two incidents with one cause take one lesson, not two.
    for (const [cause, losses] of Map.groupBy(lesson.lost, (one) => one.cause)) {
      const lost = losses.reduce((sum, one) => sum + one.minutes, 0);
      this.causes.set(cause, more(this.causes.get(cause), lost));
    }
    for (const { incident, minutes: lost } of lesson.lost)
      if (incident !== undefined) this.incidents.set(incident, more(this.incidents.get(incident), lost));
  }
}

function more(before: Loss | undefined, minutes: number): Loss {
  return { minutes: (before?.minutes ?? 0) + minutes, lessons: (before?.lessons ?? 0) + 1 };
}

/** Lessons and their minutes, counted by something. */
export class Count<Key> {
  readonly #counted = new Map<Key, Counted>();

  add(key: Key, state: OutcomeState, minutes: Tally): void {
    const before = this.#counted.get(key) ?? nothing;
    this.#counted.set(key, {
      lessons: { ...before.lessons, [state]: before.lessons[state] + 1 },
      minutes: sumOf([before.minutes, minutes]),
    });
  }

  keys(): Key[] {
    return [...this.#counted.keys()];
  }

  of(key: Key): Delivery {
    const { lessons, minutes } = this.#counted.get(key) ?? nothing;
    return { lessons, minutes, availability: availabilityOf(minutes), coverage: coverageOf(minutes) };
  }
}

const nothing: Counted = {
  lessons: { delivered: 0, degraded: 0, lost: 0, 'not-held': 0, unknown: 0 },
  minutes: tallyOf([]),
};
