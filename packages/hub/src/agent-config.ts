import { createHash } from 'node:crypto';
import type { Place } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import { dictionaryId } from '@tongtang/wire/dictionary';
import type { Config, ProbeTask } from '@tongtang/wire/messages';
import { lessonWindows } from './lesson-windows.ts';

/**
 * Seconds between two runs where the inventory does not say. A platform matters over minutes, its certificate over
 * days; a target that somebody entered is one of the school's own links.
 */
const every = { target: 60, platform: 300, certificate: 3600 } as const;

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
      every: target.every ?? every.target,
    })),
    ...platforms.flatMap(({ id, url }) => (url === undefined ? [] : platformTasks(id, url))),
  ];
}

function platformTasks(target: string, url: string): ProbeTask[] {
  const page: ProbeTask = { probe: 'http', link: 'platform', target, address: url, every: every.platform };
  const certificate: ProbeTask = { ...page, probe: 'tls', every: every.certificate };
  return url.startsWith('https:') ? [page, certificate] : [page];
}

/**
 * The configuration of an agent at this place. The same content has the same revision.
 * @param now seconds since 1970
 */
export function configOf(
  inventory: Inventory | undefined,
  place: Place,
  bytesPerDay: number,
  now: number,
): Config {
  const content = {
    tasks: inventory === undefined ? [] : tasksOf(inventory, place.school).slice(0, 500),
    lessons:
      inventory === undefined
        ? []
        : lessonWindows(inventory.periods, inventory.county.timezone, now, daysAhead).slice(0, 1000),
    dictionaries: [dictionaryId],
    bytesPerDay,
  };
  const revision = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return { revision, ...content };
}
