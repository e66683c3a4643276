import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { minutesIn } from '@tongtang/hub/minutes/minutes-file';
import { tracedBySchool } from '@tongtang/hub/minutes/traced-outcomes';
import {
  openHubFiles,
  outcomesPartsOf,
  type Progress,
  reportFrom,
} from '@tongtang/hub/reports/report-from-files';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { Visit } from '@tongtang/model/visit';
import type { Reread } from '@tongtang/reports/explain/evidence';
import { schoolsOf, scopeOf } from '@tongtang/reports/make-report';
import { daysOf, type Period, periodBefore, rangePeriod, termPeriod } from '@tongtang/reports/period';
import type { Report, Scope } from '@tongtang/reports/report';
import type { Log } from '@tongtang/runtime/log';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { slicesOf } from '@tongtang/runtime/slices';
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
  const { inventory, timetable, scope, period, objective } = about;
  const files = openHubFiles(data, log);
  const parts = outcomesPartsOf(files, log);
  const source = { inventory, timetable };
  const schools = new Set(schoolsOf(inventory, scope).map((school) => school.id));
  const wanted = {
    ...about,
    objective: { part: Math.round(objective * 100), of: 10_000 },
    isSimulated: isSimulated(data),
  };
  const rereading = (of: Period): Reread =>
    async function* (asked) {
      const those = asked.school === undefined ? schools : schools.intersection(new Set([asked.school]));
      for (const date of asked.date === undefined ? daysOf(of) : [asked.date])
        for await (const slice of slicesOf(tracedBySchool(parts, source, date, those), turn))
          yield { date, schools: slice };
    };
  return {
    async report() {
      const report = await reportFrom(files, wanted, log, tell);
      process.stderr.write('\n');
      return report;
    },
    days: rereading(period),
    daysBefore: rereading(periodBefore(period, timetable?.terms ?? [])),
    close: files.close,
  };
}

/** Tells each day on standard error when its turn comes. */
function tell({ day, done, of }: Progress): void {
  process.stderr.write(`\r${day} ${done}/${of} `);
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
