import { Done } from '@tongtang/hub/http/answers';
import { ScheduleAnswer } from '@tongtang/hub/http/report-answers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { asking, countyOf, hubOf, type ReportOptions, scopeOf } from '../issued-report-options.ts';
import { scheduleInWords } from '../issued-report-words.ts';
import { systemLocale } from '../locale.ts';

type Options = ReportOptions & {
  on?: true;
  off?: true;
  recipients?: string[];
  approval?: 'yes' | 'no';
  approvers?: string[];
  test?: string;
  json?: true;
};

/** `tongtang report schedule`: the monthly report of a county. */
export function reportScheduleCommand(): Command {
  const command = new Command('schedule')
    .description(
      'Shows the monthly report of a county, or changes what is said of it: whether it comes, of what, to whom. --cluster, --school, --objective and --language go with it',
    )
    .addOption(new Option('--on', 'switch it on').conflicts('off'))
    .option('--off', 'switch it off')
    .option('--recipients <addresses>', 'mail addresses with commas between; "" for nobody', addresses)
    .addOption(
      new Option(
        '--approval <wanted>',
        'whether reports of the county wait until somebody approves them',
      ).choices(['yes', 'no']),
    )
    .option('--approvers <addresses>', 'who is told by mail that one waits; "" for nobody', addresses)
    .option('--test <address>', 'send a mail for trying, and change nothing')
    .option('--json', 'as the API answers it');
  return asking(command).action(async () => {
    const options = command.optsWithGlobals<Options>();
    const hub = hubOf(command);
    const { id: county, timezone } = await countyOf(hub, options.county);
    const path = `counties/${county}/report-schedule`;
    if (options.test !== undefined) await hub.post(`${path}/test`, { to: options.test }, Done);
    const before = await hub.get(path, ScheduleAnswer);
    const change = changeIn(command, options, county);
    const { on, scope, objective, language, recipients, approval, approvers } = before;
    const answer =
      Object.keys(change).length === 0
        ? before
        : await hub.put(
            path,
            { on, scope, objective, language, recipients, approval, approvers, ...change },
            ScheduleAnswer,
          );
    const { language: spoken } = systemLocale();
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(answer, undefined, 2)}\n`
        : scheduleInWords(answer, { language: spoken, timeZone: timezone }),
    );
  });
}

/** What is said on the command line, and nothing that is only usual. */
function changeIn(command: Command, options: Options, county: string): object {
  const isSaid = (name: string): boolean => command.getOptionValueSourceWithGlobals(name) === 'cli';
  const { on, off, recipients, approval, approvers, cluster, school, objective, language } = options;
  return {
    ...(on === true && { on: true }),
    ...(off === true && { on: false }),
    ...(recipients !== undefined && { recipients }),
    ...(approval !== undefined && { approval: approval === 'yes' }),
    ...(approvers !== undefined && { approvers }),
    ...((cluster !== undefined || school !== undefined) && { scope: scopeOf(options, county) }),
    ...(isSaid('objective') && { objective: Math.round(objective * 100) }),
    ...(isSaid('language') && { language }),
  };
}

function addresses(text: string): string[] {
  const found = text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  for (const one of found)
    if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(one))
      throw new InvalidArgumentError(`"${one}" is no mail address`);
  return found;
}
