import { type LinkKind, type LinkState, lessonNeeds } from '@tongtang/model/link';
import type { LessonToCheck, ReadinessCheck, ReadinessItem } from '@tongtang/model/readiness';
import { type Facts, freshS, type Known, linkFreshS } from './facts.ts';
import type { findings } from './findings.ts';

/** What was found of an item, before it is said what it means for a lesson. */
export type Found = {
  [Item in ReadinessItem]: Readonly<
    { item: Item; found: Extract<keyof (typeof findings)[Item], string> } & Pick<
      ReadinessCheck,
      'figure' | 'from' | 'to' | 'incident'
    >
  >;
}[ReadinessItem];

/** A PC whose clock is further off begins a lesson a minute early or late. Seconds. */
export const clockOffS = 60;
/**
 * An hour of recorded video at 4 Mbit/s takes 1.8 GB: below `little` the lessons of a day do not fit any more, below `full` the system
 * itself has trouble. Bytes.
 */
export const diskFree = { little: 5e9, full: 5e8 } as const;
/** Recorded lessons are delivered for the coming days; where nothing came for a week, delivery has stopped. Seconds. */
export const filesOldS = 7 * 86_400;
/** So long before its lesson all should be there. Before that PCs may be switched on yet, and front-ends begin to send. Seconds. */
export const dueS = 300;
/** What went longer ago than this went when school was over, and is switched on again in the morning. Seconds. */
export const awayS = 7200;

/** What the facts of a moment say of an item; undefined where there is nothing to say of it, and nothing to miss. */
export function weigh(
  item: ReadinessItem,
  { start }: Pick<LessonToCheck, 'start'>,
  facts: Facts,
  now: number,
): Found | undefined {
  switch (item) {
    case 'pc': {
      const { state, heardAt } = facts.pc;
      const found = state === 'lost' && mayComeYet(heardAt, start, now) ? 'gone' : state;
      return { item, found, ...from(heardAt) };
    }
    case 'clock': {
      const offset = fresh(facts.clockOffsetMs, freshS, now);
      if (offset === undefined) return { item, found: 'unknown' };
      const figure = Math.abs(offset) / 1000;
      return { item, found: figure > clockOffS ? 'wrong' : 'right', figure };
    }
    case 'disk': {
      const figure = fresh(facts.diskFreeBytes, freshS, now);
      if (figure === undefined) return { item, found: 'unknown' };
      const { full, little } = diskFree;
      return { item, found: figure < full ? 'full' : figure < little ? 'little' : 'enough', figure };
    }
    case 'files':
      return filesFound(facts, now);
    case 'broadband': {
      const { state, heardAt } = facts.pc;
      if (state !== 'unheard') return { item, found: linkState(facts, item, now) };
      return { item, found: mayComeYet(heardAt, start, now) ? 'not-heard-yet' : 'unheard', ...from(heardAt) };
    }
    case 'lan':
    case 'platform':
      return { item, found: linkState(facts, item, now) };
    case 'satellite':
      return satellite(facts, now);
    case 'stream': {
      const found = linkState(facts, item, now);
      return { item, found: found === 'down' && start - now > dueS ? 'not-yet' : found };
    }
    case 'incident': {
      const { incident } = facts;
      return incident && { item, found: 'open', incident: incident.id, from: incident.from };
    }
    case 'sun-outage': {
      const { sunOutage: sun } = facts;
      return sun && { item, found: 'within', from: sun.begin, to: sun.end };
    }
    case 'maintenance': {
      const { maintenance: work } = facts;
      return work && { item, found: 'within', from: work.start, to: work.end };
    }
  }
}

/** Whether what was heard last at a time may be switched on before the lesson. */
function mayComeYet(heardAt: number | undefined, start: number, now: number): boolean {
  return start - now > dueS && (heardAt === undefined || now - heardAt > awayS);
}

function filesFound({ files }: Facts, now: number): Found {
  const item = 'files';
  if (files === undefined) return { item, found: 'unmeasured' };
  if (now - files.at > linkFreshS) return { item, found: 'unknown' };
  if (files.value === undefined) return { item, found: 'unreadable' };
  const { entries, newestAgeS } = files.value;
  if (entries === 0) return { item, found: 'none' };
  const figure = newestAgeS + Math.max(0, now - files.at);
  return { item, found: figure > filesOldS ? 'old' : 'there', figure };
}

function satellite(facts: Facts, now: number): Found {
  const item = 'satellite';
  const found = linkState(facts, item, now);
  const figure = fresh(facts.marginDb, linkFreshS, now);
  if (figure === undefined || found === 'down' || found === 'unknown') return { item, found };
  if (figure < lessonNeeds.marginDb) return { item, found: 'little-margin', figure };
  return found === 'good' ? { item, found: 'with-margin', figure } : { item, found };
}

function linkState({ links }: Facts, link: LinkKind, now: number): LinkState {
  return fresh(links[link], linkFreshS, now) ?? 'unknown';
}

/** What an old reading said is over; one of the future is of a clock that cannot be believed. */
function fresh<Value>(known: Known<Value> | undefined, withinS: number, now: number): Value | undefined {
  return known === undefined || Math.abs(now - known.at) > withinS ? undefined : known.value;
}

function from(seconds: number | undefined): { from?: number } {
  return seconds === undefined ? {} : { from: seconds };
}
