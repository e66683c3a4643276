import { type TableName, tableNames } from '@tongtang/lessons/columns';
import { importTimetable, startingTimetable } from '@tongtang/lessons/import/import';
import { lessonsOf } from '@tongtang/lessons/lessons-of';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate } from '@tongtang/model/timetable';
import { createLog } from '@tongtang/runtime/log';
import type { Registry } from '@tongtang/store/registry/open';
import { Command, Option } from 'commander';
import { countyOf } from '../county-choice.ts';
import { readFile, writeFile } from '../file-content.ts';
import { commandLine, registryIn } from '../hub-data.ts';
import { importRefusal } from '../import-problems.ts';
import { systemLocale } from '../locale.ts';
import { settingsOf, withSettings } from '../options.ts';
import { plainDate } from '../plain-date-option.ts';
import { Refusal } from '../refusal.ts';
import { dayInWords, importInWords, undoInWords } from '../timetable-words.ts';

/** `tongtang timetable template|import|show|export|undo` */
export function timetableCommand(): Command {
  return new Command('timetable')
    .description('When which class has which lesson (课表): terms, bells, calendar, weeks and changes')
    .addCommand(templateCommand())
    .addCommand(importCommand())
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(undoCommand());
}

type CountyOption = { county?: string };

/** A command over the registry of the hub, about one county of it. */
function withCounty(command: Command): Command {
  return withSettings(
    command.option('--county <id>', 'which county; may be left out where there is only one'),
    ['data', 'logLevel'],
  );
}

async function inCounty(
  command: Command,
  work: (registry: Registry, inventory: Inventory) => void | Promise<void>,
): Promise<void> {
  const settings = settingsOf(command);
  const { county } = command.opts<CountyOption>();
  const registry = registryIn(settings.data, createLog(settings.logLevel));
  try {
    await work(registry, countyOf(registry, county));
  } finally {
    registry.close();
  }
}

function templateCommand(): Command {
  const command = new Command('template')
    .description('Writes an XLSX file to fill in, with the schools and classes of the county')
    .requiredOption('--out <file>', 'file to write, such as timetable.xlsx');
  return withCounty(command).action(async ({ out }: { out: string }) => {
    // Loaded here, as below: the writer of XLSX files is nothing that other commands should wait for.
    const { timetableXlsx } = await import('@tongtang/lessons/export/xlsx');
    await inCounty(command, async (_, inventory) => {
      writeFile(out, await timetableXlsx(startingTimetable(inventory), inventory));
    });
  });
}

function importCommand(): Command {
  const command = new Command('import')
    .description(
      'Reads XLSX, CSV (UTF-8 or GBK) and, of the calendar, iCalendar files. Tables that are in them replace those that were there, others stay',
    )
    .argument('<files...>', 'one or several');
  return withCounty(command).action((files: string[]) =>
    inCounty(command, (registry, inventory) => {
      const { language } = systemLocale();
      const { id, timezone } = inventory.county;
      const answer = importTimetable(files.map(readFile), inventory, registry.timetable(id));
      if (!answer.ok) throw importRefusal(answer.problems, language);
      const changed = registry.importTimetable(id, answer.timetable, commandLine);
      const today = dayOf(Date.now() / 1000, timezone);
      const week = Array.from({ length: 7 }, (_, day) =>
        lessonsOf(answer.timetable, plusDays(today, day), timezone),
      );
      process.stdout.write(
        importInWords({ inventory, tables: answer.tables, changed, comingWeek: week.flat().length })[
          language
        ],
      );
    }),
  );
}

function showCommand(): Command {
  const command = new Command('show')
    .description('The lessons of a day, as terms, calendar and changes have them')
    .argument('[date]', 'such as 2026-09-01; today where absent', plainDate)
    .option('--school <id>', 'of one school only');
  return withCounty(command).action((date: PlainDate | undefined, { school }: { school?: string }) =>
    inCounty(command, (registry, inventory) => {
      const timetable = timetableIn(registry, inventory);
      const schools = schoolsOf(inventory, school);
      const day = date ?? dayOf(Date.now() / 1000, inventory.county.timezone);
      process.stdout.write(dayInWords({ timetable, inventory, schools, date: day })[systemLocale().language]);
    }),
  );
}

type ExportOptions = {
  out?: string;
  csv?: TableName;
  ics?: boolean;
  school?: string;
  class?: string;
  from?: PlainDate;
  to?: PlainDate;
};

/** How far a calendar reaches where nobody says. */
const calendarDays = 28;

function exportCommand(): Command {
  const command = new Command('export')
    .description('Writes the timetable as XLSX, one table of it as CSV, or lessons as a calendar for phones')
    .option('--out <file>', 'file to write; CSV and calendars go to standard output where absent')
    .addOption(new Option('--csv <table>', 'one table as CSV').choices(tableNames).conflicts('ics'))
    .option('--ics', 'the lessons of some days as iCalendar')
    .option('--school <id>', 'with --ics: of one school only')
    .option('--class <id>', 'with --ics and --school: of one class only')
    .option('--from <date>', 'with --ics: first day; today where absent', plainDate)
    .option('--to <date>', `with --ics: last day; ${calendarDays} days in all where absent`, plainDate);
  return withCounty(command).action((options: ExportOptions) =>
    inCounty(command, async (registry, inventory) => {
      const timetable = timetableIn(registry, inventory);
      if (options.csv !== undefined) {
        const { tableCsv } = await import('@tongtang/lessons/export/csv');
        writeFile(options.out, tableCsv(timetable, options.csv));
      } else if (options.ics === true) {
        const { lessonCalendar } = await import('@tongtang/lessons/export/calendar');
        const schools = new Set(schoolsOf(inventory, options.school).map(({ id }) => id));
        const lessons = daysOf(options, inventory)
          .flatMap((date) => lessonsOf(timetable, date, inventory.county.timezone))
          .filter((lesson) => schools.has(lesson.school))
          .filter((lesson) => options.class === undefined || lesson.class === options.class);
        writeFile(options.out, lessonCalendar(lessons, inventory, systemLocale().language, new Date()));
      } else if (options.out === undefined) throw new Refusal('XLSX needs a file: --out timetable.xlsx');
      else {
        const { timetableXlsx } = await import('@tongtang/lessons/export/xlsx');
        writeFile(options.out, await timetableXlsx(timetable, inventory));
      }
    }),
  );
}

/** @throws Refusal of more days than a calendar is for */
function daysOf({ from, to }: ExportOptions, { county }: Inventory): PlainDate[] {
  const first = from ?? dayOf(Date.now() / 1000, county.timezone);
  const last = to ?? plusDays(first, calendarDays - 1);
  const days: PlainDate[] = [];
  for (let day = first; day <= last; day = plusDays(day, 1)) {
    days.push(day);
    if (days.length > 400) throw new Refusal(`From ${first} to ${last} are more than 400 days`);
  }
  return days;
}

function undoCommand(): Command {
  const command = new Command('undo').description(
    'Takes the last import back: the timetable is as before it',
  );
  return withCounty(command).action(() =>
    inCounty(command, (registry, { county }) => {
      const answer = registry.undoTimetable(county.id, commandLine);
      const { language } = systemLocale();
      process.stdout.write(undoInWords(answer, county)[language]);
    }),
  );
}

function timetableIn(registry: Registry, { county }: Inventory) {
  const timetable = registry.timetable(county.id);
  if (timetable === undefined)
    throw new Refusal(
      `There is no timetable of ${county.id} yet. Begin with: npx tongtang timetable template --out timetable.xlsx`,
    );
  return timetable;
}

function schoolsOf({ schools }: Inventory, school: string | undefined): Inventory['schools'] {
  const found = schools.filter(({ id }) => school === undefined || id === school);
  if (found.length === 0 && school !== undefined)
    throw new Refusal(`There is no school "${school}". There are: ${schools.map(({ id }) => id).join(', ')}`);
  return found;
}
