import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { incidentsIn } from '@tongtang/hub/incidents/incidents-file';
import { countyDay } from '@tongtang/hub/minutes/county-day';
import { minutesIn } from '@tongtang/hub/minutes/minutes-file';
import { outcomesOfDay } from '@tongtang/hub/minutes/outcomes';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import type { Inventory } from '@tongtang/model/inventory';
import { type Language, languages } from '@tongtang/model/text';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { makeReport, schoolsOf, scopeOf } from '@tongtang/reports/make-report';
import {
  daysOf,
  monthPeriod,
  type Period,
  periodBefore,
  rangePeriod,
  termPeriod,
} from '@tongtang/reports/period';
import type { Report, Scope } from '@tongtang/reports/report';
import type { ReportDay } from '@tongtang/reports/sums';
import { createLog, type Log } from '@tongtang/runtime/log';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { Command, InvalidArgumentError, Option } from 'commander';
import { countyOf } from '../county-choice.ts';
import { registryIn } from '../hub-data.ts';
import { settingsOf, withSettings } from '../options.ts';
import { plainDate } from '../plain-date-option.ts';
import { Refusal } from '../refusal.ts';
import { put } from '../written-file.ts';
import { issuedReportCommands } from './report-issued.ts';

const formats = ['html', 'json', 'csv', 'xlsx', 'pdf'] as const;
type Format = (typeof formats)[number];

type Options = {
  county?: string;
  month?: Period;
  term?: string;
  from?: PlainDate;
  to?: PlainDate;
  cluster?: string;
  school?: string;
  objective: number;
  format: readonly Format[];
  language: Language;
  out?: string;
};

/** `tongtang report`: the bureau's report of a period, from what the hub of this data folder has. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description("Writes the bureau's report (考核) of a month, a term or some days")
    .option('--county <id>', 'which county; may be left out where there is only one')
    .addOption(
      new Option('--month <month>', 'a month, such as 2026-11')
        .argParser(month)
        .conflicts(['term', 'from', 'to']),
    )
    .addOption(new Option('--term <name>', 'a term of the timetable, by its name').conflicts(['from', 'to']))
    .option('--from <date>', 'first day', plainDate)
    .option('--to <date>', 'last day', plainDate)
    .addOption(new Option('--cluster <id>', 'of one cluster only').conflicts('school'))
    .option('--school <id>', 'of one school only')
    .option(
      '--objective <percent>',
      'per cent of lesson minutes that have to work, such as 99.5',
      objectivePercent,
      99.5,
    )
    .option('--format <formats>', `several of ${formats.join(', ')}`, formatList, ['html', 'xlsx'])
    .addOption(
      new Option('--language <language>', 'of everything but JSON, which has both')
        .choices(languages)
        .default('zh' satisfies Language),
    )
    .option('--out <folder>', 'folder to write to; it is made where it is missing');
  for (const issued of issuedReportCommands()) command.addCommand(issued);
  return withSettings(command, ['data', 'logLevel']).action(async (options: Options) => {
    const settings = settingsOf(command);
    // What was read of a day is garbage with the next one: a young generation that grows takes 90 MB more, and no less time.
    setFlagsFromString('--semi-space-growth-factor=1');
    const { out } = options;
    if (out === undefined) throw new Refusal('Where to? --out <folder>; it is made where it is missing');
    const report = await reportIn(settings.data, createLog(settings.logLevel), options);
    for (const format of options.format) await write(report, format, { ...options, out });
  });
}

/** Made of the files of the hub, which may be running. */
async function reportIn(data: string, log: Log, options: Options): Promise<Report> {
  const registry = registryIn(data, log);
  try {
    const inventory = countyOf(registry, options.county);
    const timetable = registry.timetable(inventory.county.id);
    const [scope, period] = [chosenScope(inventory, options), chosenPeriod(timetable, options)];
    if (!existsSync(minutesIn(data)))
      throw new Refusal('There are no minutes of lessons yet: the hub settles them while it runs');
    const minutes = openMinutes(minutesIn(data), log);
    const incidents = openIncidentStore(incidentsIn(data), log);
    try {
      const { id, timezone } = inventory.county;
      const parts = {
        minutes,
        surroundings: surroundingsOf(
          (county, { from, to }) => incidents.list({ county, from, to }),
          (county) => incidents.windows(county),
          () => Date.now() / 1000,
        ),
        log,
      };
      const before = periodBefore(period, timetable?.terms ?? []);
      const wanted = new Set(schoolsOf(inventory, scope).map((school) => school.id));
      const daysIn = async function* (of: Period): AsyncGenerator<ReportDay> {
        const dates = daysOf(of);
        for (const [at, date] of dates.entries()) {
          process.stderr.write(`\r${date} ${at + 1}/${dates.length} `);
          yield { date, schools: outcomesOfDay(parts, { inventory, timetable }, date, wanted) };
        }
        process.stderr.write('\n');
      };
      return await makeReport({
        inventory,
        timetable,
        scope,
        period,
        before,
        objective: { part: Math.round(options.objective * 100), of: 10_000 },
        settledTo: minutes.settledTo(id),
        days: daysIn(period),
        daysBefore: daysIn(before),
        incidents: incidents.list({
          county: id,
          from: countyDay(period.from, timezone).start,
          to: countyDay(period.to, timezone).end,
        }),
        isSimulated: isSimulated(data),
      });
    } finally {
      incidents.close();
      minutes.close();
    }
  } finally {
    registry.close();
  }
}

function chosenScope(inventory: Inventory, { cluster, school }: Options): Scope {
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

function chosenPeriod(timetable: Timetable | undefined, { month: chosen, term, from, to }: Options): Period {
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

async function write(
  report: Report,
  format: Format,
  { out, language }: Options & { out: string },
): Promise<void> {
  const { scope, period } = report;
  const base = join(out, `${scope.id}-${period.from}-${period.to}`);
  // Loaded here: their writers are nothing that other commands should wait for.
  switch (format) {
    case 'json': {
      const { reportJson } = await import('@tongtang/reports/formats/json');
      return put(`${base}.json`, reportJson(report));
    }
    case 'csv': {
      const { reportCsv } = await import('@tongtang/reports/formats/csv');
      for (const { name, content } of reportCsv(report, language)) put(join(`${base}-csv`, name), content);
      return;
    }
    case 'xlsx': {
      const { reportXlsx } = await import('@tongtang/reports/formats/xlsx');
      return put(`${base}.xlsx`, await reportXlsx(report, language));
    }
    case 'html': {
      const { reportHtml } = await import('@tongtang/reports/formats/html');
      return put(`${base}.html`, reportHtml(report, language));
    }
    case 'pdf': {
      const { reportHtml } = await import('@tongtang/reports/formats/html');
      const { PdfError, printPdf } = await import('@tongtang/reports/formats/pdf');
      try {
        return put(`${base}.pdf`, await printPdf(reportHtml(report, language)));
      } catch (error) {
        if (error instanceof PdfError) throw new Refusal(error.message);
        throw error;
      }
    }
  }
}

function month(text: string): Period {
  const period = monthPeriod(text);
  if (period === undefined) throw new InvalidArgumentError('It must be a month such as 2026-11');
  return period;
}

/** In hundredths of a per cent at most, below 100. */
function objectivePercent(text: string): number {
  const percent = /^\d{1,2}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  if (percent <= 0) throw new InvalidArgumentError('It must be per cent below 100, with two digits at most');
  return percent;
}

function formatList(text: string): Format[] {
  return text.split(',').map((name) => {
    const format = formats.find((known) => known === name.trim());
    if (format === undefined) throw new InvalidArgumentError(`There are: ${formats.join(', ')}`);
    return format;
  });
}
