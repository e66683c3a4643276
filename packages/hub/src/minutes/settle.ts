import { linkMinutes, marginS, sleepsIn } from '@tongtang/lessons/delivery/link-minutes';
import { bridgedS, type Heard, type Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import { type MinuteState, minuteS } from '@tongtang/lessons/delivery/minute-state';
import { type AgentMinutes, decodeMinutes, encodeMinutes } from '@tongtang/lessons/delivery/runs';
import { united, without } from '@tongtang/lessons/delivery/stretches';
import type { Inventory } from '@tongtang/model/inventory';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import {
  type DaySeat,
  hourS,
  type KeptDay,
  type KeptWord,
  type MinutesStore,
} from '@tongtang/store/minutes/minutes';
import type { RegisteredAgent } from '@tongtang/store/registry/snapshot';
import { retention } from '@tongtang/store/telemetry';
import { readSamples, type SampleSource } from '../agent-samples.ts';
import { type CountyDay, daysIn } from './county-day.ts';
import { freshSIn, minuteFields } from './minute-fields.ts';

export type SettleParts = Readonly<{
  telemetry: SampleSource;
  minutes: MinutesStore;
  log: Log;
}>;

/** As far as settling asks who an agent is. */
export type SettledAgent = Pick<RegisteredAgent, 'id' | 'kind' | 'place'>;

/**
 * Settles the minutes of an agent in a span of full minutes from what the store has of it, and keeps them. The same samples give the same
 * minutes, however often and in whatever pieces it is done.
 * @throws where the store does not answer; then nothing of the span was kept
 */
export async function settle(
  { telemetry, minutes, log }: SettleParts,
  inventory: Inventory,
  agent: SettledAgent,
  { from, to }: Stretch,
  now: number,
): Promise<void> {
  const { id, place } = agent;
  const around = { from: from - marginS, to: to + marginS };
  const samples = await readSamples(telemetry, log, { agent: id, fields: minuteFields, ...around });
  const days = daysIn(from - minuteS, to, inventory.county.timezone);
  const book = new DayBook(minutes, log, inventory.county.id, agent, days);
  const found =
    samples === undefined
      ? unknownFor((to - from) / minuteS)
      : linkMinutes({
          from,
          to,
          samples,
          heard: minutes.heard(id, { from: around.from, to: to + bridgedS }).flatMap(wordOf),
          sleeps: minutes.sleeps(id, { from, to }),
          aways: minutes.aways(around),
          before: book.machineAt(from - minuteS),
          freshS: freshSIn(inventory, place.school),
        });
  const endedAs = book.machineAt(to - minuteS);
  book.keep(from, found);
  // A machine that is off stays so until it measures: what follows rests on how this ended.
  const isSettled = to < (minutes.settledTo(inventory.county.id) ?? 0);
  if (isSettled && found.machine.at(-1) !== endedAs)
    minutes.markLate([{ agent: id, hour: hourOf(to), at: now }]);
  noteSleeps(minutes, id, sleepsIn(samples ?? []), { before: from, now });
}

/**
 * Notes when a machine slept, and that hours before a time have to be settled again for it, as far as that is not known: an honest one tells
 * of a sleep once, and one that tells of the same month each second costs no more. In full minutes, as it counts, so that there are never
 * more notes than minutes.
 * @param before hours that begin later are not marked: they are settled with the span, or after it
 */
function noteSleeps(
  minutes: MinutesStore,
  agent: string,
  sleeps: readonly Stretch[],
  { before, now }: Readonly<{ before: number; now: number }>,
): void {
  const late = new Set<number>();
  const news: Stretch[] = [];
  for (const sleep of united(sleeps.map(fullMinutes))) {
    const unknown = without(sleep, minutes.sleeps(agent, sleep));
    const [first, last] = [unknown[0], unknown.at(-1)];
    if (first === undefined || last === undefined) continue;
    news.push({ from: first.from, to: last.to });
    for (const part of unknown) for (const hour of hoursOf(part, before)) late.add(hour);
  }
  // Marked first: what is noted is known, and marks nothing after a kill.
  if (late.size > 0) minutes.markLate([...late].map((hour) => ({ agent, hour, at: now })));
  for (const sleep of news) minutes.slept(agent, sleep);
}

/** The minutes that a span touches. */
function fullMinutes({ from, to }: Stretch): Stretch {
  return { from: Math.floor(from / minuteS) * minuteS, to: Math.ceil(to / minuteS) * minuteS };
}

/** The start of the hour that holds a time. */
export function hourOf(time: number): number {
  return Math.floor(time / hourS) * hourS;
}

/** The hours before a time that a sleep touches. Nobody sleeps longer than raw samples are kept. */
function hoursOf(sleep: Stretch, before: number): number[] {
  const [from, to] = [Math.max(sleep.from, before - retention.rawS), Math.min(sleep.to, before)];
  const hours: number[] = [];
  if (from < to) for (let hour = hourOf(from); hour < to; hour += hourS) hours.push(hour);
  return hours;
}

function wordOf({ time, state }: KeptWord): Heard[] {
  return state === 'online' || state === 'stopping' || state === 'asleep' || state === 'offline'
    ? [{ time, state }]
    : [];
}

/** The minutes of an agent as they are kept, a day each. Unreadable ones count as unknown, and are written anew. */
export function readDay(kept: KeptDay | undefined, { date, minutes }: CountyDay, log: Log): AgentMinutes {
  if (kept === undefined) return unknownFor(minutes);
  try {
    const read = decodeMinutes(kept.minutes);
    if (read.machine.length === minutes) return read;
    log.error({ agent: kept.agent, date }, 'kept minutes are of a day of another length');
  } catch (error) {
    log.error({ agent: kept.agent, date, error: messageOf(error) }, 'kept minutes cannot be read');
  }
  return unknownFor(minutes);
}

function unknownFor(minutes: number): AgentMinutes {
  return { machine: blank(minutes), links: new Map() };
}

function blank(length: number): MinuteState[] {
  return new Array<MinuteState>(length).fill('unknown');
}

class DayBook {
  readonly #minutes: MinutesStore;
  readonly #county: string;
  readonly #seat: DaySeat;
  readonly #days: readonly Readonly<{ day: CountyDay; was: AgentMinutes }>[];

  constructor(
    minutes: MinutesStore,
    log: Log,
    county: string,
    { id, kind, place }: SettledAgent,
    days: readonly CountyDay[],
  ) {
    this.#minutes = minutes;
    this.#county = county;
    this.#seat = { agent: id, kind, school: place.school, classroom: place.classroom };
    this.#days = days.map((day) => ({
      day,
      was: readDay(minutes.agentDay(county, day.date, id), day, log),
    }));
  }

  machineAt(time: number): MinuteState {
    const found = this.#days.find(({ day }) => day.start <= time && time < day.end);
    return found?.was.machine[(time - found.day.start) / minuteS] ?? 'unknown';
  }

  /** Puts minutes in their place. A day of which nothing is known is kept as well: that an agent was silent is not that there was none. */
  keep(from: number, found: AgentMinutes): void {
    const to = from + found.machine.length * minuteS;
    for (const { day, was } of this.#days) {
      const [begin, end] = [Math.max(from, day.start), Math.min(to, day.end)];
      if (begin >= end) continue;
      const [at, first, count] = [begin - day.start, begin - from, end - begin].map(
        (seconds) => seconds / minuteS,
      );
      const put = (into: readonly MinuteState[], part: readonly MinuteState[]): MinuteState[] =>
        into.toSpliced(at ?? 0, count ?? 0, ...part.slice(first, (first ?? 0) + (count ?? 0)));
      const nothing = blank(found.machine.length);
      const links = new Map(
        [...new Set([...was.links.keys(), ...found.links.keys()])].map((link) => [
          link,
          put(was.links.get(link) ?? blank(day.minutes), found.links.get(link) ?? nothing),
        ]),
      );
      const machine = put(was.machine, found.machine);
      const isLookedAt = was.files !== undefined || found.files !== undefined;
      const files = isLookedAt ? put(was.files ?? blank(day.minutes), found.files ?? nothing) : undefined;
      this.#minutes.keep(this.#county, day.date, this.#seat, encodeMinutes({ machine, links, files }));
    }
  }
}
