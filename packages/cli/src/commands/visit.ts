import { VisitAnswer, VisitImportAnswer, VisitsAnswer } from '@tongtang/hub/http/visit-answers';
import { dayOf } from '@tongtang/lessons/plain-date';
import { columnOfLetters, type Problem } from '@tongtang/lessons/problem';
import type { PlainDate } from '@tongtang/model/timetable';
import { type VisitKind, visitKinds } from '@tongtang/model/visit';
import { Command, Option } from 'commander';
import type { Static } from 'typebox';
import { askingOfCounty, hubAndCounty } from '../county-command.ts';
import { readFile, writeFile } from '../file-content.ts';
import type { CountyAnswer, HubClient } from '../hub-client.ts';
import { importRefusal } from '../import-problems.ts';
import { systemLocale } from '../locale.ts';
import { plainDate } from '../plain-date-option.ts';
import { visitImportInWords, visitInWords, visitsInWords } from '../visit-words.ts';

/** `tongtang visit list|add|remove|import|export` */
export function visitCommand(): Command {
  return new Command('visit')
    .description(
      'The register of visits and activities (走访与活动): what was held, counted in the report. Asks the running hub',
    )
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand());
}

type Filter = { school?: string; kind?: VisitKind; from?: PlainDate; to?: PlainDate };

function filtered(command: Command): Command {
  return askingOfCounty(command)
    .option('--school <id>', 'of one school only')
    .addOption(new Option('--kind <kind>', 'of one kind only').choices(visitKinds))
    .option('--from <date>', 'first day', plainDate)
    .option('--to <date>', 'last day', plainDate);
}

function visitsOf(
  hub: HubClient,
  county: CountyAnswer,
  { school, kind, from, to }: Filter,
): Promise<Static<typeof VisitsAnswer>> {
  const query = new URLSearchParams({
    ...(school !== undefined && { school }),
    ...(kind !== undefined && { kind }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  return hub.get(`${pathOf(county)}?${query}`, VisitsAnswer);
}

function listCommand(): Command {
  const command = new Command('list')
    .description('What was entered, the latest first')
    .option('--json', 'as the API answers it');
  return filtered(command).action(async ({ json, ...filter }: Filter & { json?: boolean }) => {
    const { hub, county } = await hubAndCounty(command);
    const answer = await visitsOf(hub, county, filter);
    process.stdout.write(
      json === true
        ? `${JSON.stringify(answer, undefined, 2)}\n`
        : visitsInWords(answer.visits, county, systemLocale().language),
    );
  });
}

type AddOptions = { school: string; kind: VisitKind; date?: PlainDate; note?: string };

function addCommand(): Command {
  const command = new Command('add')
    .description('Enters a visit or an activity that was held')
    .requiredOption('--school <id>', 'at which school')
    .addOption(
      new Option(
        '--kind <kind>',
        "first: provider's first visit of a term; service: a further one; inspection; research: teaching-research activity",
      )
        .choices(visitKinds)
        .makeOptionMandatory(),
    )
    .option('--date <date>', 'on which day; today where absent', plainDate)
    .option('--note <text>', 'who came, and what was done');
  return askingOfCounty(command).action(async ({ school, kind, date, note }: AddOptions) => {
    const { hub, county } = await hubAndCounty(command);
    const day = date ?? dayOf(Date.now() / 1000, county.timezone);
    const visit = await hub.post(pathOf(county), { school, kind, date: day, note }, VisitAnswer);
    process.stdout.write(`${visitInWords(visit, county, systemLocale().language)}\n`);
  });
}

function removeCommand(): Command {
  const command = new Command('remove')
    .description('Takes an entry out of the register')
    .argument('<id>', 'as the list has it');
  return askingOfCounty(command).action(async (id: string) => {
    const { hub, county } = await hubAndCounty(command);
    await hub.remove(`${pathOf(county)}/${encodeURIComponent(id)}`);
  });
}

function importCommand(): Command {
  const command = new Command('import')
    .description(
      'Enters many from XLSX and CSV files (UTF-8 or GBK) with the columns of the export. What the register has already is passed over',
    )
    .argument('<files...>', 'one or several')
    .option('--check', 'says what would be entered, and enters nothing');
  return askingOfCounty(command).action(async (names: string[], { check = false }: { check?: boolean }) => {
    const files = names.map(readFile).map(({ name, bytes }) => ({
      name,
      content: Buffer.from(bytes).toString('base64'),
    }));
    const { hub, county } = await hubAndCounty(command);
    const answer = await hub.post(`${pathOf(county)}/import`, { files, check }, VisitImportAnswer);
    const { language } = systemLocale();
    if (!answer.ok) throw importRefusal(answer.problems.map(problemOf), language);
    process.stdout.write(visitImportInWords(answer, check)[language]);
  });
}

function exportCommand(): Command {
  const command = new Command('export')
    .description('Writes the register as CSV, which can be changed and imported again')
    .option('--out <file>', 'file to write; standard output where absent');
  return filtered(command).action(async ({ out, ...filter }: Filter & { out?: string }) => {
    const { hub, county } = await hubAndCounty(command);
    const { visits } = await visitsOf(hub, county, filter);
    // Loaded here: readers and writers of tables are nothing that other commands should wait for.
    const { visitsCsv } = await import('@tongtang/lessons/visits/import');
    writeFile(out, visitsCsv(visits));
  });
}

function pathOf({ id }: CountyAnswer): string {
  return `counties/${id}/visits`;
}

type AnsweredProblem = Extract<Static<typeof VisitImportAnswer>, { ok: false }>['problems'][number];

function problemOf({ file, sheet, row, column, heading, text }: AnsweredProblem): Problem {
  if (file === undefined) return { text };
  return {
    text,
    place: {
      file,
      ...(sheet !== undefined && { sheet }),
      ...(row !== undefined && { row }),
      ...(column !== undefined && { column: columnOfLetters(column) }),
      ...(heading !== undefined && { header: heading }),
    },
  };
}
