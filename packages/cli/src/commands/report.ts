import { join } from 'node:path';
import { type Language, languages } from '@tongtang/model/text';
import { monthPeriod, type Period } from '@tongtang/reports/period';
import type { Report } from '@tongtang/reports/report';
import { createLog } from '@tongtang/runtime/log';
import { keepHeapTight } from '@tongtang/runtime/tight-heap';
import { Command, InvalidArgumentError, Option } from 'commander';
import { settingsOf, withSettings } from '../options.ts';
import { plainDate } from '../plain-date-option.ts';
import { Refusal } from '../refusal.ts';
import { openReportSource, type ReportChoice } from '../report-source.ts';
import { put } from '../written-file.ts';
import { reportExplainCommand } from './report-explain.ts';
import { issuedReportCommands } from './report-issued.ts';

const formats = ['html', 'json', 'csv', 'xlsx', 'pdf'] as const;
type Format = (typeof formats)[number];

type Options = ReportChoice & { format: readonly Format[]; language: Language; out?: string };

/** What was read of a day is garbage with the next one: a report that lets it lie takes 90 MB more, and no less time. Percent. */
const heapGrowth = 30;

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
    .option('--out <folder>', 'folder to write to; it is made where it is missing')
    .addCommand(reportExplainCommand());
  for (const issued of issuedReportCommands()) command.addCommand(issued);
  return withSettings(command, ['data', 'logLevel']).action(async (options: Options) => {
    const settings = settingsOf(command);
    keepHeapTight(heapGrowth);
    const { out } = options;
    if (out === undefined) throw new Refusal('Where to? --out <folder>; it is made where it is missing');
    const source = openReportSource(settings.data, createLog(settings.logLevel), options);
    try {
      const report = await source.report();
      for (const format of options.format) await write(report, format, { ...options, out });
    } finally {
      source.close();
    }
  });
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
