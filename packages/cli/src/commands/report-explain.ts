import { pipeline } from 'node:stream/promises';
import { samplesOfRun } from '@tongtang/hub/minutes/run-samples';
import type { Language } from '@tongtang/model/text';
import { explain } from '@tongtang/reports/explain/explain';
import { valueTold } from '@tongtang/reports/explain/told';
import { type Figure, figuresOf } from '@tongtang/reports/figures';
import { createLog } from '@tongtang/runtime/log';
import { openTelemetryStore } from '@tongtang/store/open';
import { Command } from 'commander';
import { explanationInJson, explanationInWords, type SamplesOf } from '../explanation.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { openReportSource, type ReportChoice } from '../report-source.ts';

type Options = ReportChoice & { language: Language; list?: true; samples?: true; json?: true };

/** `tongtang report explain`: what is behind a figure of a report, so that anybody can check it by hand. */
export function reportExplainCommand(): Command {
  const command = new Command('explain')
    .configureHelp({ showGlobalOptions: true })
    .description('Lists the lessons and minutes behind a figure of a report, chosen as for the report itself')
    .argument(
      '[figure]',
      'its reference, such as availability/class/babao/c1; a part of it lists what there is',
    )
    .option('--list', 'all figures of the report, with their references')
    .option('--samples', 'with the raw samples behind the minutes, as long as these are kept')
    .option('--json', 'as JSON');
  return withSettings(command, ['data', 'store', 'logLevel']).action(async (asked: string | undefined) => {
    const options = command.optsWithGlobals<Options>();
    if (asked === undefined && !options.list)
      throw new Refusal(
        'Which figure? Name its reference, such as availability/all; --list tells all of them',
      );
    const { data, store, logLevel } = settingsOf(command);
    const log = createLog(logLevel);
    const source = openReportSource(data, log, options);
    try {
      const report = await source.report();
      const figures = figuresOf(report);
      const figure = figures.find(({ reference }) => reference === asked);
      if (options.list) return list(asked === undefined ? figures : partly(figures, asked), options);
      if (figure === undefined) throw new Refusal(unknown(figures, asked ?? '', options.language));
      const explained = { report, days: source.days, daysBefore: source.daysBefore };
      const evidence = explain(figure.reference, explained);
      const told = (samplesOf?: SamplesOf) =>
        options.json
          ? explanationInJson(figure, evidence, samplesOf)
          : explanationInWords(report, figure, evidence, options.language, samplesOf);
      if (!options.samples) return await print(told());
      const telemetry = await openTelemetryStore(store, { dataFolder: data, log });
      try {
        await print(
          told((run, witnesses) => samplesOfRun(telemetry, run, witnesses, Date.now() / 1000, log)),
        );
      } finally {
        await telemetry.close();
      }
    } finally {
      source.close();
    }
  });
}

/** No faster than it is read: behind the availability of a county there are millions of lines. Who reads may have enough of them. */
async function print(texts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(texts, process.stdout, { end: false });
  } catch (error) {
    const isEnough = error instanceof Error && 'code' in error && error.code === 'EPIPE';
    if (!isEnough) throw error;
  }
}

function list(figures: readonly Figure[], { json, language }: Options): void {
  const told = json
    ? `${JSON.stringify(figures, undefined, 2)}\n`
    : figures.map((figure) => `${lineOf(figure, language)}\n`).join('');
  process.stdout.write(told);
}

function lineOf({ reference, title, value }: Figure, language: Language): string {
  return `${reference}  ${title[language]} = ${valueTold(value)}`;
}

/** Those whose reference has a part: that of a row, as CSV and XLSX have it, has all of its figures. */
function partly(figures: readonly Figure[], part: string): Figure[] {
  return figures.filter(({ reference }) => `/${reference}/`.includes(`/${part}/`));
}

const mostTold = 20;

function unknown(figures: readonly Figure[], asked: string, language: Language): string[] {
  const near = partly(figures, asked);
  if (near.length === 0)
    return [`The report has no figure "${asked}". --list tells all ${figures.length} of them`];
  const more = near.length > mostTold ? [`and ${near.length - mostTold} more: --list`] : [];
  return [
    `"${asked}" is not one figure. There are:`,
    ...near.slice(0, mostTold).map((figure) => lineOf(figure, language)),
    ...more,
  ];
}
