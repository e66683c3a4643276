import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { exclusionsOf } from '@tongtang/incidents/maintenance-window';
import type { Share } from '@tongtang/lessons/delivery/minute-state';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
import { makeReport, schoolsOf } from '@tongtang/reports/make-report';
import { daysOf, type Period, periodBefore } from '@tongtang/reports/period';
import type { Report, Scope } from '@tongtang/reports/report';
import type { ReportDay } from '@tongtang/reports/sums';
import type { Log } from '@tongtang/runtime/log';
import { slicesOf } from '@tongtang/runtime/slices';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import { incidentsIn } from '../incidents/incidents-file.ts';
import { type CountyDay, countyDay } from '../minutes/county-day.ts';
import { minutesIn } from '../minutes/minutes-file.ts';
import { type OutcomesParts, outcomesBySchool } from '../minutes/outcomes.ts';
import { surroundingsOf } from '../minutes/surroundings.ts';

/** What a report is to be about, and the county that it is made with. */
export type WantedReport = Readonly<{
  inventory: Inventory;
  timetable: Timetable | undefined;
  scope: Scope;
  period: Period;
  objective: Share;
  /** The register until the period ends. */
  visits: readonly Visit[];
  isSimulated: boolean;
}>;

/** How far the making has come: so many days of so many. */
export type Progress = Readonly<{ day: PlainDate; done: number; of: number }>;

/** The files of a hub that a report is made of. The hub may be running. */
export type HubFiles = Readonly<{
  minutes: MinutesStore;
  incidents: IncidentStore;
  close: () => void;
}>;

export function openHubFiles(dataFolder: string, log: Log): HubFiles {
  const minutes = openMinutes(minutesIn(dataFolder), log);
  const incidents = openIncidentStore(incidentsIn(dataFolder), log);
  const close = (): void => {
    incidents.close();
    minutes.close();
  };
  return { minutes, incidents, close };
}

/** What the outcomes of its days are made of. */
export function outcomesPartsOf({ minutes, incidents }: HubFiles, log: Log): OutcomesParts {
  const surroundings = surroundingsOf(
    (county, { from, to }) => incidents.list({ county, from, to }),
    (county) => incidents.windows(county),
    () => Date.now() / 1000,
  );
  return { minutes, surroundings, log };
}

/** Makes a report, reading its days one after the other. */
export async function reportFrom(
  files: HubFiles,
  wanted: WantedReport,
  log: Log,
  told: (progress: Progress) => void,
): Promise<Report> {
  const { inventory, timetable, scope, period, objective, visits, isSimulated } = wanted;
  const { minutes, incidents } = files;
  const parts = outcomesPartsOf(files, log);
  const source = { inventory, timetable };
  const before = periodBefore(period, timetable?.terms ?? []);
  const schools = new Set(schoolsOf(inventory, scope).map((school) => school.id));
  const of = daysOf(period).length + daysOf(before).length;
  let done = 0;
  const daysIn = async function* (some: Period): AsyncGenerator<ReportDay> {
    for (const date of daysOf(some)) {
      done += 1;
      told({ day: date, done, of });
      for await (const slice of slicesOf(outcomesBySchool(parts, source, date, schools), turn))
        yield { date, schools: slice };
    }
  };
  return makeReport({
    inventory,
    timetable,
    scope,
    period,
    before,
    objective,
    settledTo: minutes.settledTo(inventory.county.id),
    days: daysIn(period),
    daysBefore: daysIn(before),
    incidents: incidentsOf(incidents, wanted, period),
    visits,
    isSimulated,
  });
}

/** The version of all that a report is made of; found without making it. */
export function inputsOf({ minutes, incidents }: HubFiles, wanted: WantedReport): string {
  const { inventory, timetable, period, visits } = wanted;
  const { id, timezone } = inventory.county;
  const before = periodBefore(period, timetable?.terms ?? []);
  const windows = incidents.windows(id);
  const hash = createHash('sha256');
  const add = (part: unknown): void => {
    hash.update(`${JSON.stringify(part)}\n`);
  };
  for (const some of [period, before]) {
    add(minutes.fingerprint(id, some.from, some.to));
    // What was told of them to whom changes nothing in them.
    for (const { telling: _, ...incident } of incidentsOf(incidents, wanted, some)) add(incident);
    // As announced work counts, when it was: what is announced for later days changes nothing in them.
    const { start, end } = stretchOf(some, timezone);
    add(exclusionsOf(windows, timezone, start, end));
  }
  for (const part of [inventory, timetable ?? null, visits]) add(part);
  return hash.digest('hex').slice(0, 16);
}

function incidentsOf(incidents: IncidentStore, { inventory }: WantedReport, period: Period) {
  const { id, timezone } = inventory.county;
  const { start, end } = stretchOf(period, timezone);
  return incidents.list({ county: id, from: start, to: end });
}

function stretchOf({ from, to }: Period, timezone: string): Pick<CountyDay, 'start' | 'end'> {
  return { start: countyDay(from, timezone).start, end: countyDay(to, timezone).end };
}
