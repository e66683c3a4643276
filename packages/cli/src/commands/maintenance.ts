import { MaintenanceAnswer, WindowAnswer } from '@tongtang/hub/http/routes/maintenance';
import { isPlainDate, secondsAt } from '@tongtang/lessons/plain-date';
import { type Weekday, weekdays } from '@tongtang/notify/day-time';
import { Command, InvalidArgumentError } from 'commander';
import { askingOfCounty, hubAndCounty } from '../county-command.ts';
import { integerBetween } from '../decimal-option.ts';
import type { CountyAnswer } from '../hub-client.ts';
import { systemLocale } from '../locale.ts';
import { pastWindow, windowInWords, windowsInWords } from '../maintenance-words.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang maintenance list|add|remove` */
export function maintenanceCommand(): Command {
  return new Command('maintenance')
    .description('Announced work: what happens in it is no incident (维护时段). Asks the running hub')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function listCommand(): Command {
  const command = new Command('list')
    .description('What is announced, in the time of the county')
    .option('--json', 'as the API answers it');
  return askingOfCounty(command).action(async ({ json }: { json?: boolean }) => {
    const { hub, county } = await hubAndCounty(command);
    const answer = await hub.get(pathOf(county), MaintenanceAnswer);
    process.stdout.write(
      json === true
        ? `${JSON.stringify(answer, undefined, 2)}\n`
        : windowsInWords(answer, county, systemLocale().language),
    );
  });
}

type AddOptions = {
  note: string;
  school?: string;
  from?: LocalTime;
  to?: LocalTime;
  weekly?: Weekday[];
  at?: string;
  minutes?: number;
};

function addCommand(): Command {
  const command = new Command('add')
    .description('Announces work: once with --from and --to, every week with --weekly, --at and --minutes')
    .requiredOption('--note <text>', 'what is done')
    .option('--school <id>', 'in one school only; in the whole county where absent')
    .option('--from <time>', 'when it begins, in the time of the county: 2026-03-02T08:30', localTime)
    .option('--to <time>', 'when it ends', localTime)
    .option('--weekly <days>', 'weekdays with commas between: mon,thu', daysOf)
    .option('--at <time>', 'with --weekly: when it begins, such as 02:00')
    .option('--minutes <number>', 'with --weekly: how long it takes', integerBetween(1, 1440, 'minutes'));
  return askingOfCounty(command).action(async (options: AddOptions) => {
    const { hub, county } = await hubAndCounty(command);
    const window = await hub.post(pathOf(county), windowOf(options, county), WindowAnswer);
    const { language } = systemLocale();
    process.stdout.write(`${windowInWords(window, county, language)}\n`);
    if (window.next === undefined) process.stderr.write(`${pastWindow[language]}\n`);
  });
}

function removeCommand(): Command {
  const command = new Command('remove')
    .description('Takes back what was announced')
    .argument('<id>', 'as the list has it');
  return askingOfCounty(command).action(async (id: string) => {
    const { hub, county } = await hubAndCounty(command);
    await hub.remove(`${pathOf(county)}/${encodeURIComponent(id)}`);
  });
}

function pathOf({ id }: CountyAnswer): string {
  return `counties/${id}/maintenance`;
}

/** What the hub is told; it says itself what is missing or wrong. */
function windowOf(
  { note, school, from, to, weekly, at, minutes }: AddOptions,
  { timezone }: CountyAnswer,
): object {
  if (weekly === undefined && (from === undefined || to === undefined))
    throw new Refusal('When is it? Give --from and --to, or --weekly, --at and --minutes');
  const moment = ({ date, clock }: LocalTime): number => secondsAt(date, clock, timezone);
  return {
    note,
    school,
    kind: weekly === undefined ? 'once' : 'weekly',
    start: from && moment(from),
    end: to && moment(to),
    weekdays: weekly?.map((day) => weekdays.indexOf(day) + 1),
    at,
    minutes,
  };
}

type LocalTime = Readonly<{ date: string; clock: string }>;

function localTime(text: string): LocalTime {
  const [date = '', clock = ''] = text.split(/[T ]/);
  if (isPlainDate(date) && /^([01]\d|2[0-3]):[0-5]\d$/.test(clock)) return { date, clock };
  throw new InvalidArgumentError('It must be a time of the county such as 2026-03-02T08:30');
}

function daysOf(text: string): Weekday[] {
  return text.split(',').map((name) => {
    const day = weekdays.find((known) => known === name.trim().toLowerCase());
    if (day === undefined) throw new InvalidArgumentError(`It must be some of ${weekdays.join(',')}`);
    return day;
  });
}
