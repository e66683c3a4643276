import type { LinkOfDay, SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import { sumOf, type Tally, tallyOf } from '@tongtang/lessons/delivery/minute-state';
import type { OutcomeState } from '@tongtang/lessons/delivery/outcome';
import { type LinkKind, linkKinds } from '@tongtang/model/link';

/** What became of the lessons of a class, counted. */
export type ClassSummary = Readonly<{
  class: string;
  lessons: Readonly<Record<OutcomeState, number>>;
  minutes: Tally;
}>;

export type SchoolSummary = Readonly<{
  school: string;
  links: readonly LinkOfDay[];
  classes: readonly ClassSummary[];
}>;

/** Adds days up, school by school and class by class: a day at a time, so that a term takes no more memory than its sums. */
export class Availability {
  readonly #links = new Map<string, Map<LinkKind, LinkOfDay>>();
  readonly #classes = new Map<string, Map<string, ClassSummary>>();

  add(days: readonly SchoolDay[]): void {
    for (const { school, links, lessons } of days) {
      const ofSchool = this.#links.get(school) ?? new Map<LinkKind, LinkOfDay>();
      this.#links.set(school, ofSchool);
      for (const one of links) {
        const before = ofSchool.get(one.link);
        ofSchool.set(one.link, {
          link: one.link,
          lessons: sumOf([one.lessons, ...(before ? [before.lessons] : [])]),
          always: sumOf([one.always, ...(before ? [before.always] : [])]),
        });
      }
      const classes = this.#classes.get(school) ?? new Map<string, ClassSummary>();
      this.#classes.set(school, classes);
      for (const lesson of lessons) {
        const before = classes.get(lesson.class) ?? {
          class: lesson.class,
          lessons: none,
          minutes: tallyOf([]),
        };
        classes.set(lesson.class, {
          class: lesson.class,
          lessons: { ...before.lessons, [lesson.state]: before.lessons[lesson.state] + 1 },
          // What was cancelled needed nothing.
          minutes: lesson.cancelled ? before.minutes : sumOf([before.minutes, lesson.minutes]),
        });
      }
    }
  }

  schools(): SchoolSummary[] {
    return [...this.#links].map(([school, links]) => ({
      school,
      links: linkKinds.flatMap((link) => links.get(link) ?? []),
      classes: [...(this.#classes.get(school)?.values() ?? [])].sort((a, b) => (a.class < b.class ? -1 : 1)),
    }));
  }
}

const none: ClassSummary['lessons'] = { delivered: 0, degraded: 0, lost: 0, 'not-held': 0, unknown: 0 };
