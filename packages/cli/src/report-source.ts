import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { incidentsIn } from '@tongtang/hub/incidents/incidents-file';
import { countyDay } from '@tongtang/hub/minutes/county-day';
import { minutesIn } from '@tongtang/hub/minutes/minutes-file';
import { outcomesBySchool } from '@tongtang/hub/minutes/outcomes';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import { tracedBySchool } from '@tongtang/hub/minutes/traced-outcomes';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
import type { Reread } from '@tongtang/reports/explain/evidence';
import { makeReport, schoolsOf, scopeOf } from '@tongtang/reports/make-report';
import { daysOf, type Period, periodBefore, rangePeriod, termPeriod } from '@tongtang/reports/period';
import type { Report, Scope } from '@tongtang/reports/report';
import type { ReportDay } from '@tongtang/reports/sums';
import type { Log } from '@tongtang/runtime/log';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { slicesOf } from '@tongtang/runtime/slices';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { countyOf } from './county-choice.ts';
import { registryIn } from './hub-data.ts';
import { Refusal } from './refusal.ts';

/** What a report is to be about, as the command line says it. */
export type ReportChoice = {
  county?: string;
  month?: Period;
  term?: string;
  from?: PlainDate;
  to?: PlainDate;
  cluster?: string;
  school?: string;
  objective: number;
};

/** A report, and its days read again with what is behind its figures. */
export type ReportSource = Readonly<{
  report: () => Promise<Report>;
  days: Reread;
  daysBefore: Reread;
  close: () => void;
}>;

/**
 * Opens the files of a hub, which may be running, for a report.
 * @throws Refusal where there is no such county, scope or period, or nothing is known yet
 */
export function openReportSource(data: string, log: Log, choice: ReportChoice): ReportSource {
  const registry = registryIn(data, log);
  try {
    const inventory = countyOf(registry, choice.county);
    const timetable = registry.timetable(inventory.county.id);
    const [scope, period] = [chosenScope(inventory, choice), chosenPeriod(timetable, choice)];
    if (!existsSync(minutesIn(data)))
      throw new Refusal('There are no minutes of lessons yet: the hub settles them while it runs');
    const visits = registry.visits(inventory.county.id, { to: period.to });
    return sourceOf(data, log, { inventory, timetable, scope, period, objective: choice.objective, visits });
  } finally {
    registry.close();
  }
}

type About = Readonly<{
  inventory: Inventory;
  timetable: Timetable | undefined;
  scope: Scope;
  period: Period;
  objective: number;
  visits: readonly Visit[];
}>;

function sourceOf(data: string, log: Log, about: About): ReportSource {
  const { inventory, timetable, scope, period, objective, visits } = about;
  const { id, timezone } = inventory.county;
  const minutes = openMinutes(minutesIn(data), log);
  const incidents = openIncidentStore(incidentsIn(data), log);
  const surroundings = surroundingsOf(
    (county, { from, to }) => incidents.list({ county, from, to }),
    (county) => incidents.windows(county),
    () => Date.now() / 1000,
  );
  const parts = { minutes, surroundings, log };
  const source = { inventory, timetable };
  const before = periodBefore(period, timetable?.terms ?? []);
  const schools = new Set(schoolsOf(inventory, scope).map((school) => school.id));
  const daysIn = async function* (of: Period): AsyncGenerator<ReportDay> {
    for (const date of told(daysOf(of)))
      for await (const slice of slicesOf(outcomesBySchool(parts, source, date, schools), turn))
        yield { date, schools: slice };
  };
  const rereading = (of: Period): Reread =>
    async function* (wanted) {
      const those = wanted.school === undefined ? schools : schools.intersection(new Set([wanted.school]));
      for (const date of wanted.date === undefined ? daysOf(of) : [wanted.date])
        for await (const slice of slicesOf(tracedBySchool(parts, source, date, those), turn))
          yield { date, schools: slice };
    };
  return {
    report: () =>
      makeReport({
        inventory,
        timetable,
        scope,
        period,
        before,
        objective: { part: Math.round(objective * 100), of: 10_000 },
        settledTo: minutes.settledTo(id),
        days: daysIn(period),
        daysBefore: daysIn(before),
        incidents: incidents.list({
          county: id,
          from: countyDay(period.from, timezone).start,
          to: countyDay(period.to, timezone).end,
        }),
        visits,
        isSimulated: isSimulated(data),
      }),
    days: rereading(period),
    daysBefore: rereading(before),
    close() {
      incidents.close();
      minutes.close();
    },
  };
}

/** Days, each told on standard error when its turn comes. */
function* told(dates: readonly PlainDate[]): Generator<PlainDate> {
  for (const [at, date] of dates.entries()) {
    process.stderr.write(`\r${date} ${at + 1}/${dates.length} `);
    yield date;
  }
  process.stderr.write('\n');
}

function chosenScope(inventory: Inventory, { cluster, school }: ReportChoice): Scope {
  const [kind, id] =
    school !== undefined
      ? (['school', school] as const)
      : cluster !== undefined
        ? (['cluster', cluster] as const)
        : (['county', inventory.county.id] as const);
  const scope = scopeOf(inventory, kind, id);
  if (scope !== undefined) return scope;
  const there = kind === 'school' ? inventory.schools : inventory.clusters;
  throw new Refusal(`There is no ${kind} "${id}". There are: ${there.map((one) => one.id).join(', ')}`);
}

function chosenPeriod(
  timetable: Timetable | undefined,
  { month: chosen, term, from, to }: ReportChoice,
): Period {
  if (chosen !== undefined) return chosen;
  if (term !== undefined) {
    const terms = timetable?.terms ?? [];
    const found = terms.find(({ name }) => name === term);
    if (found !== undefined) return termPeriod(found);
    throw new Refusal(`There is no term "${term}". There are: ${terms.map(({ name }) => name).join(', ')}`);
  }
  if (from === undefined || to === undefined)
    throw new Refusal('Which days? --month 2026-11, --term <name>, or --from and --to');
  if (to < from) throw new Refusal(`--to ${to} is before --from ${from}`);
  return rangePeriod(from, to);
}
