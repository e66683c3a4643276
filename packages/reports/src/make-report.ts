import type { SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import { availabilityOf, coverageOf, type Share, type Tally } from '@tongtang/lessons/delivery/minute-state';
import { plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import { causes, type Incident } from '@tongtang/model/incident';
import { type Inventory, modes, type School } from '@tongtang/model/inventory';
import { type LinkKind, linkKinds } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';
import type { Timetable } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
import { fingerprintOf } from './fingerprint.ts';
import { incidentRows } from './incident-rows.ts';
import { isJudged, meets, trendOf } from './judged.ts';
import { method } from './method.ts';
import { daysOf, type Period } from './period.ts';
import { repairOf } from './repair.ts';
import type { Delivery, Figures, Rate, Report, SchoolRow, Scope } from './report.ts';
import { responsibilities, responsibilityOf } from './responsibility.ts';
import { compareShares } from './share.ts';
import { type ReportDay, Sums } from './sums.ts';
import { visitPart } from './visits.ts';

/** Of lesson minutes, in hundredths of a per cent: 99.5 %. */
export const usualObjective: Share = { part: 9950, of: 10_000 };

export type ReportInput = Readonly<{
  inventory: Inventory;
  timetable?: Timetable | undefined;
  scope: Scope;
  period: Period;
  before: Period;
  /** Share of lesson minutes that have to work. Below 1. */
  objective: Share;
  /** Until when minutes are known, hub time in seconds. */
  settledTo?: number | undefined;
  /**
   * The days of both periods, in order, with the schools of the scope only. A day may come in slices, its schools in the order of the inventory:
   * nothing but sums is kept of it.
   */
  days: AsyncIterable<ReportDay>;
  daysBefore: AsyncIterable<ReportDay>;
  /** Those of the county that lasted at any time of the period. */
  incidents: readonly Incident[];
  /** The county's register of visits and activities. */
  visits: readonly Visit[];
  isSimulated: boolean;
}>;

/** So many of the worst hours are listed. */
const worstHours = 20;

/** The scope that an id names. @returns undefined where there is no such cluster or school */
export function scopeOf(
  { county, clusters, schools }: Inventory,
  kind: Scope['kind'],
  id: string,
): Scope | undefined {
  const places = { county: [county], cluster: clusters, school: schools }[kind];
  const found = places.find((place) => place.id === id);
  return found && { kind, id, name: found.name };
}

/** The schools that a report is about. */
export function schoolsOf({ schools }: Inventory, { kind, id }: Scope): readonly School[] {
  return schools.filter(
    (school) => kind === 'county' || (kind === 'cluster' ? school.cluster === id : school.id === id),
  );
}

/** Makes a report, reading its days one after the other. The same inputs give the same report. */
export async function makeReport(input: ReportInput): Promise<Report> {
  const { inventory, scope, period, before, objective, settledTo, timetable } = input;
  const { county } = inventory;
  const sums = await sumsOf(input.days, county.timezone);
  const earlier = await sumsOf(input.daysBefore, county.timezone);
  const schools = schoolsOf(inventory, scope);
  const began = secondsAt(period.from, '00:00', county.timezone);
  const visits = visitPart(input, schools);
  const ended = secondsAt(plusDays(period.to, 1), '00:00', county.timezone);
  const incidents = incidentRows(input, { from: began, to: ended }, sums, schools);
  const { all } = sums;
  const begun = daysOf(period).filter(
    (date) => secondsAt(date, '00:00', county.timezone) < (settledTo ?? 0),
  ).length;
  return {
    version: 1,
    title: {
      zh: `${scope.name.zh} ${period.title.zh} 远程直播教学保障报告`,
      en: `${scope.name.en}: report on remote lessons, ${period.title.en}`,
    },
    isSimulated: input.isSimulated,
    county,
    scope,
    period,
    before,
    objective,
    inputs: {
      ...(settledTo !== undefined && { settledTo: Math.min(settledTo, ended) }),
      isComplete: (settledTo ?? 0) >= ended,
      agentDays: sums.agentDays,
      minutes: sums.fingerprint(),
      incidents: fingerprintOf(incidents),
      inventory: fingerprintOf(inventory),
      timetable: fingerprintOf(timetable ?? null),
      visits: fingerprintOf(visits),
      before: earlier.fingerprint(),
    },
    rates: ratesOf(sums, schools, objective),
    lessons: all,
    lessonsBefore: earlier.all,
    modes: modes.map((mode) => ({ mode, ...sums.modes.of(mode) })),
    budget: budgetOf(all.availability, objective),
    repair: repairOf(incidents, all, period, county.timezone),
    lost: causes
      .flatMap((cause) => {
        const loss = sums.causes.get(cause);
        return loss === undefined ? [] : [{ responsibility: responsibilityOf[cause], cause, ...loss }];
      })
      .sort((a, b) => b.minutes - a.minutes),
    responsibilities: responsibilities.map((responsibility) => ({
      responsibility,
      minutes: [...sums.causes]
        .filter(([cause]) => responsibilityOf[cause] === responsibility)
        .reduce((sum, [, { minutes }]) => sum + minutes, 0),
    })),
    hours: sums.hours
      .keys()
      .sort((a, b) => a - b)
      .map((hour) => ({ hour, ...sums.hours.of(hour) })),
    worst: [...sums.lostHours.values()]
      .map(({ date, hour, lessons, minutes }) => ({ date, hour, lessons, lostMinutes: minutes }))
      .sort((a, b) => b.lostMinutes - a.lostMinutes || a.date.localeCompare(b.date, 'en') || a.hour - b.hour)
      .slice(0, worstHours),
    days: sums.days
      .keys()
      .sort()
      .map((date) => ({ date, ...sums.days.of(date) })),
    schools: ranked(schools, sums, earlier),
    classes: schools.flatMap((school) => classesOf(sums, school)),
    links: schools.flatMap((school) => linksOf(sums, school)),
    incidents,
    completeness: schools.map(({ id, name }) => {
      const { lessons, coverage } = sums.schools.of(id);
      const seen = sums.seen.get(id);
      return {
        school: id,
        name,
        days: { part: seen?.days ?? 0, of: begun },
        agents: seen?.agents.size ?? 0,
        coverage,
        unknownLessons: lessons.unknown,
      };
    }),
    visits,
    method,
  };
}

async function sumsOf(days: AsyncIterable<ReportDay>, timezone: string): Promise<Sums> {
  const sums = new Sums(timezone);
  for await (const day of days) sums.add(day);
  return sums;
}

function ratesOf(sums: Sums, schools: readonly School[], objective: Share): Report['rates'] {
  const rate = (judged: readonly Omit<Figures, 'minutes'>[]): Rate => {
    const known = judged.filter(isJudged);
    const met = known.filter(({ availability }) => meets(availability, objective));
    return { met: { part: met.length, of: known.length }, unknown: judged.length - known.length };
  };
  const inLessons = (link: LinkKind): Figures[] =>
    schools.map(({ id }) => figuresOf(sums.links.get(id)?.get(link)?.lessons));
  return {
    schools: rate(inLessons('broadband')),
    classes: rate(schools.flatMap(({ id, classes }) => classes.map((one) => deliveryOf(sums, id, one.id)))),
    platforms: rate(inLessons('platform')),
  };
}

const noMinutes: Tally = { unknown: 0, good: 0, degraded: 0, down: 0, off: 0, asleep: 0, excluded: 0 };

function figuresOf(minutes: Tally = noMinutes): Figures {
  return { minutes, availability: availabilityOf(minutes), coverage: coverageOf(minutes) };
}

function budgetOf({ part, of }: Share, objective: Share): Report['budget'] {
  const used = of - part;
  const allowed = of * (objective.of - objective.part);
  const left = allowed - used * objective.of;
  return {
    allowed: { part: allowed, of: objective.of },
    used,
    left: { part: left, of: objective.of },
    leftOfAllowed: { part: left, of: allowed },
  };
}

function ranked(schools: readonly School[], sums: Sums, earlier: Sums): SchoolRow[] {
  const rows = schools.map(({ id, name }) => {
    const delivery = sums.schools.of(id);
    const before = earlier.schools.of(id);
    const trend = trendOf(delivery, before);
    return { school: id, name, ...delivery, before: before.availability, ...(trend && { trend }) };
  });
  const judged = rows
    .filter(isJudged)
    .sort((a, b) => compareShares(b.availability, a.availability) || (a.school < b.school ? -1 : 1));
  let rank = 1;
  const placed = judged.map((row, index): SchoolRow => {
    const above = judged[index - 1];
    if (above === undefined || compareShares(above.availability, row.availability) !== 0) rank = index + 1;
    return { ...row, rank };
  });
  return [...placed, ...rows.filter((row) => !isJudged(row))];
}

function deliveryOf(sums: Sums, school: string, of: string): Delivery {
  return sums.classes.get(school)?.of(of) ?? nothingHeld;
}

const nothingHeld: Delivery = {
  lessons: { delivered: 0, degraded: 0, lost: 0, 'not-held': 0, unknown: 0 },
  ...figuresOf(),
};

function classesOf(sums: Sums, { id, name, classes }: School): Report['classes'] {
  return classes.map((one) => ({
    school: id,
    class: one.id,
    name: joined(name, one.name),
    ...deliveryOf(sums, id, one.id),
  }));
}

function joined(a: Text, b: Text): Text {
  return { zh: `${a.zh} ${b.zh}`, en: `${a.en} ${b.en}` };
}

function linksOf(sums: Sums, { id, name }: School): Report['links'] {
  const links: ReadonlyMap<LinkKind, SchoolDay['links'][number]> = sums.links.get(id) ?? new Map();
  return linkKinds.flatMap((link) => {
    const one = links.get(link);
    if (one === undefined) return [];
    return [{ school: id, name, link, lessons: figuresOf(one.lessons), always: figuresOf(one.always) }];
  });
}
