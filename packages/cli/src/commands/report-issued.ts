import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Done } from '@tongtang/hub/http/answers';
import {
  ChangesAnswer,
  JobAnswer,
  ReportAnswer,
  ReportHeadAnswer,
  ReportsAnswer,
} from '@tongtang/hub/http/report-answers';
import { Command } from 'commander';
import { type Static, type TSchema, Type } from 'typebox';
import { integerBetween } from '../decimal-option.ts';
import type { HubClient } from '../hub-client.ts';
import { asking, countyOf, hubOf, type ReportOptions, scopeOf } from '../issued-report-options.ts';
import { changesInWords, jobInWords, reportInWords, reportsInWords } from '../issued-report-words.ts';
import { systemLocale } from '../locale.ts';
import { Refusal } from '../refusal.ts';
import { put } from '../written-file.ts';
import { reportScheduleCommand } from './report-schedule.ts';

/** `tongtang report issue|list|show|compare|approve|withdraw|save|send|schedule`: reports that the hub keeps as they were issued. */
export function issuedReportCommands(): Command[] {
  return [
    issueCommand(),
    listCommand(),
    showCommand(),
    compareCommand(),
    approveCommand(),
    withdrawCommand(),
    saveCommand(),
    sendCommand(),
    reportScheduleCommand(),
  ];
}

const revision = ['--revision <number>', 'which revision', integerBetween(1, 100_000, 'revision')] as const;
const json = ['--json', 'as the API answers it'] as const;

function issueCommand(): Command {
  const command = new Command('issue')
    .description(
      'Has the hub issue the report of a month, a term or some days that are over, and keep it as issued. What is to be in it is said as for the report itself',
    )
    .option(...json);
  return asking(command).action(async () => {
    const { json: asJson, ...options } = command.optsWithGlobals<ReportOptions & { json?: true }>();
    const hub = hubOf(command);
    const { id: county } = await countyOf(hub, options.county);
    const isSaid = command.getOptionValueSourceWithGlobals('objective') !== 'default';
    const body = {
      county,
      scope: scopeOf(options, county),
      ...daysOf(options),
      ...(isSaid && { objective: Math.round(options.objective * 100) }),
    };
    const { job } = await hub.post('reports', body, Type.Object({ job: Type.String() }));
    const done = await outcomeOf(hub, job);
    if (done.state === 'failed') throw new Refusal(`The report was not made: ${done.error ?? ''}`);
    tell(done, asJson, jobInWords);
  });
}

function listCommand(): Command {
  const command = new Command('list')
    .description('The issued reports, the newest first; of one county or school where it is said')
    .option(...json);
  return asking(command).action(async () => {
    const { county, school, json: asJson } = command.optsWithGlobals<ReportOptions & { json?: true }>();
    const query = new URLSearchParams({
      ...(county !== undefined && { county }),
      ...(school !== undefined && { school }),
    });
    tell(await hubOf(command).get(`reports?${query}`, ReportsAnswer), asJson, reportsInWords);
  });
}

type Shown = { revision?: number; json?: true };

function showCommand(): Command {
  const command = new Command('show')
    .description('One report: its figures, its revisions, who was sent it, and what does not work')
    .argument('<id>', 'as the list has it')
    .option(...revision)
    .option(...json);
  return asking(command).action(async (id: string, { revision: number, json: asJson }: Shown) => {
    tell(
      await hubOf(command).get(`${pathOf(id)}?${query({ revision: number })}`, ReportAnswer),
      asJson,
      reportInWords,
    );
  });
}

function compareCommand(): Command {
  const command = new Command('compare')
    .description('What two revisions of a report say differently; the newest two where none are named')
    .argument('<id>', 'as the list has it')
    .argument('[earlier]', 'number of a revision', integerBetween(1, 100_000, 'revision'))
    .argument('[later]', 'number of a revision', integerBetween(1, 100_000, 'revision'))
    .option(...json);
  return asking(command).action(
    async (id: string, from: number | undefined, to: number | undefined, { json: asJson }: Shown) => {
      const path = `${pathOf(id)}/changes?${query({ from, to })}`;
      tell(await hubOf(command).get(path, ChangesAnswer), asJson, changesInWords);
    },
  );
}

function approveCommand(): Command {
  const command = new Command('approve')
    .description('Approves the newest revision of a report that awaits it: it is issued, and sent')
    .argument('<id>', 'as the list has it')
    .option(...revision)
    .option('--note <text>', 'what others should know');
  return asking(command).action(async (id: string, given: { revision?: number; note?: string }) => {
    const hub = hubOf(command);
    const number = given.revision ?? (await hub.get(pathOf(id), ReportAnswer)).newest;
    const body = { revision: number, note: given.note };
    await acted(hub, id, 'approve', body, ReportHeadAnswer);
  });
}

function withdrawCommand(): Command {
  const command = new Command('withdraw')
    .description('Withdraws a report; who had it by mail is told. It stays to be read')
    .argument('<id>', 'as the list has it')
    .requiredOption('--note <text>', 'why');
  return asking(command).action(async (id: string, { note }: { note: string }) => {
    await acted(hubOf(command), id, 'withdraw', { note }, ReportHeadAnswer);
  });
}

function saveCommand(): Command {
  const command = new Command('save')
    .description('Saves an issued report, as it was issued, into the folder that --out names')
    .argument('<id>', 'as the list has it')
    .option(...revision);
  return asking(command).action(async (id: string, { revision: number }: Shown) => {
    const { format: formats, language, out } = command.optsWithGlobals<ReportOptions>();
    if (out === undefined) throw new Refusal('Where to? --out <folder>; it is made where it is missing');
    const hub = hubOf(command);
    const report = await hub.get(`${pathOf(id)}?${query({ revision: number })}`, ReportAnswer);
    for (const format of formats) {
      const asked = query({ format, language, revision: report.revision });
      const { scope, period } = report;
      const name = `${scope.id}-${period.from}-${period.to}-r${report.revision}`;
      put(
        join(out, `${name}.${format === 'csv' ? 'zip' : format}`),
        await hub.file(`${pathOf(id)}/file?${asked}`),
      );
    }
  });
}

function sendCommand(): Command {
  const command = new Command('send')
    .description('Sends an issued report by mail, with its PDF and XLSX')
    .argument('<id>', 'as the list has it')
    .argument('<addresses...>', 'mail addresses')
    .option(...revision);
  return asking(command).action(async (id: string, to: string[], { revision: number }: Shown) => {
    const { language } = command.optsWithGlobals<ReportOptions>();
    await acted(hubOf(command), id, 'send', { to, language, revision: number }, Done);
  });
}

/** Does something to a report, and says how it stands then. */
async function acted(hub: HubClient, id: string, deed: string, body: object, answer: TSchema): Promise<void> {
  await hub.post(`${pathOf(id)}/${deed}`, body, answer);
  tell(await hub.get(pathOf(id), ReportAnswer), undefined, reportInWords);
}

type Job = Static<typeof JobAnswer>;

const lookEveryMs = 500;

/** Waits for a job, and says on standard error how far it is. */
async function outcomeOf(hub: HubClient, id: string): Promise<Job> {
  for (;;) {
    const job = await hub.get(`reports/jobs/${id}`, JobAnswer);
    if (job.state === 'done' || job.state === 'failed') {
      process.stderr.write('\n');
      return job;
    }
    const { progress } = job;
    if (progress !== undefined) process.stderr.write(`\r${progress.day} ${progress.done}/${progress.of} `);
    await pause(lookEveryMs);
  }
}

function tell<Answer>(
  answer: Answer,
  asJson: true | undefined,
  inWords: (answer: Answer, locale: ReturnType<typeof systemLocale>) => string,
): void {
  process.stdout.write(
    asJson === true ? `${JSON.stringify(answer, undefined, 2)}\n` : inWords(answer, systemLocale()),
  );
}

function daysOf({ month, term, from, to }: ReportOptions): object {
  if (month !== undefined) return { month: month.from.slice(0, 7) };
  if (term !== undefined) return { term };
  if (from === undefined || to === undefined)
    throw new Refusal('Which days? --month 2026-11, --term <name>, or --from and --to');
  return { from, to };
}

function query(values: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const said = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return new URLSearchParams(Object.fromEntries(said));
}

function pathOf(id: string): string {
  return `reports/${encodeURIComponent(id)}`;
}
