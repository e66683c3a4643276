import { createHash } from 'node:crypto';
import { isInTimetable } from '@tongtang/lessons/class-lessons';
import type { Inventory, Target } from '@tongtang/model/inventory';
import { dictionaryId } from '@tongtang/wire/dictionary';
import type { Config, ProbeTask } from '@tongtang/wire/messages';
import { type LessonSource, type LessonWindow, lessonWindows } from './lesson-windows.ts';

/**
 * Seconds between two runs where the inventory does not say. A platform matters over minutes, its certificate over
 * days; a target that somebody entered is one of the school's own links. A throughput test costs 100 MB, a
 * route is traced from one change to the next.
 */
const every = { target: 60, platform: 300, certificate: 3600, throughput: 86_400, route: 86_400 } as const;

/** A weekend and a week: an agent that is out of reach for so long still knows when lessons are. */
const daysAhead = 8;

/** What the inventory asks the agents of a school to measure, beside their own gateway, resolver and hub. */
export function tasksOf({ targets, platforms }: Inventory, school: string): ProbeTask[] {
  const own = targets.filter(({ schools }) => schools === undefined || schools.includes(school));
  return [
    ...own.map((target) => ({
      probe: target.probe,
      link: target.link,
      target: target.id,
      address: target.address,
      every: everyOf(target),
    })),
    ...platforms.flatMap(({ id, url }) => (url === undefined ? [] : platformTasks(id, url))),
  ];
}

function everyOf({ probe, every: entered }: Target): number {
  if (entered !== undefined) return entered;
  if (probe === 'path') return every.route;
  return probe === 'throughput' ? every.throughput : every.target;
}

/** How often a school is to test its throughput: seconds, the smallest where several targets ask for it. */
export function throughputEveryS(inventory: Inventory | undefined, school: string): number {
  const asked = (inventory?.targets ?? []).filter(
    ({ probe, schools }) => probe === 'throughput' && (schools === undefined || schools.includes(school)),
  );
  return asked.length === 0 ? every.throughput : Math.min(...asked.map(everyOf));
}

function platformTasks(target: string, url: string): ProbeTask[] {
  const page: ProbeTask = { probe: 'http', link: 'platform', target, address: url, every: every.platform };
  const certificate: ProbeTask = { ...page, probe: 'tls', every: every.certificate };
  return url.startsWith('https:') ? [page, certificate] : [page];
}

/** What the agents of a school are told; schools that measure the same share one. */
export type ConfigOf = (school: string) => Config;

/**
 * The configurations of a county's agents. The same content has the same revision.
 * @param source undefined where the county has no inventory any more
 * @param now seconds since 1970; lesson times are told from this day on
 */
export function configsOf(
  source: (LessonSource & Readonly<{ inventory: Inventory }>) | undefined,
  bytesPerDay: number,
  now: number,
): ConfigOf {
  const configs = new Map<string, Config>();
  const bySchool = new Map<string, Config>();
  let usual: LessonWindow[] | undefined;
  function lessonsAt(school: string): LessonWindow[] {
    if (source === undefined) return [];
    if (isInTimetable(source, school)) return lessonWindows(source, school, now, daysAhead);
    // The same for all of them: a large county would else count its week a thousand times.
    usual ??= lessonWindows(source, school, now, daysAhead);
    return usual;
  }
  function configOf(school: string): Config {
    const tasks = source === undefined ? [] : tasksOf(source.inventory, school).slice(0, 500);
    const lessons = lessonsAt(school).slice(0, 1000);
    const lessonFiles = source?.inventory.schools.find(({ id }) => id === school)?.lessonFiles;
    const content = {
      tasks,
      lessons,
      dictionaries: [dictionaryId],
      following: true,
      bytesPerDay,
      ...(lessonFiles !== undefined && { lessonFiles }),
    };
    const revision = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
    const config = configs.get(revision) ?? { revision, ...content };
    configs.set(revision, config);
    return config;
  }
  return (school) => {
    const config = bySchool.get(school) ?? configOf(school);
    bySchool.set(school, config);
    return config;
  };
}
