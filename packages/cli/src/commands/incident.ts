import { IncidentAnswer, IncidentsAnswer } from '@tongtang/hub/http/incident-answers';
import { Command } from 'commander';
import { type HubClient, hubClient, placesOf } from '../hub-client.ts';
import { hintAfter, incidentInWords, incidentsInWords } from '../incident-words.ts';
import { systemLocale } from '../locale.ts';
import { settingsOf, withSettings } from '../options.ts';

/** `tongtang incident list|show|acknowledge|note|close|reopen` */
export function incidentCommand(): Command {
  return new Command('incident')
    .description('What broke, where, and what is done about it (故障). Asks the running hub')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(deedCommand('acknowledge', 'Says that somebody takes care of it'))
    .addCommand(noteCommand())
    .addCommand(deedCommand('close', 'Closes it by hand, although what is wrong may go on'))
    .addCommand(deedCommand('reopen', 'Takes a close by hand back'));
}

/** A command that asks the hub; on its machine it needs no token. */
function asking(command: Command): Command {
  return withSettings(command, ['data', 'http', 'adminToken']);
}

type ListOptions = { county?: string; school?: string; from?: string; json?: boolean };

function listCommand(): Command {
  const command = new Command('list')
    .description('The open incidents, the newest first; with --from also those that are over')
    .option('--county <id>', 'of one county only')
    .option('--school <id>', 'that show in one school only')
    .option('--from <time>', 'all since then: -7d, or 2026-03-02T08:30:00+08:00')
    .option('--json', 'as the API answers it');
  return asking(command).action(async ({ county, school, from, json }: ListOptions) => {
    const hub = hubClient(settingsOf(command));
    const query = new URLSearchParams({
      ...(county !== undefined && { county }),
      ...(school !== undefined && { school }),
      ...(from === undefined ? { over: 'false' } : { from }),
    });
    const answer = await hub.get(`incidents?${query}`, IncidentsAnswer);
    const { language } = systemLocale();
    process.stdout.write(
      json === true
        ? `${JSON.stringify(answer, undefined, 2)}\n`
        : incidentsInWords(answer.incidents, await placesOf(hub), answer.time, language),
    );
  });
}

function showCommand(): Command {
  const command = new Command('show')
    .description('One incident: what was seen, what to check first, and what happened')
    .argument('<id>', 'as the list has it')
    .option('--json', 'as the API answers it');
  return asking(command).action(async (id: string, { json }: { json?: boolean }) => {
    const hub = hubClient(settingsOf(command));
    const answer = await hub.get(pathOf(id), IncidentAnswer);
    if (json === true) process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    else await tell(hub, answer);
  });
}

function deedCommand(deed: 'acknowledge' | 'close' | 'reopen', description: string): Command {
  const command = new Command(deed)
    .description(description)
    .argument('<id>', 'as the list has it')
    .option('--note <text>', 'what others should know');
  return asking(command).action(async (id: string, { note }: { note?: string }) => {
    const hub = hubClient(settingsOf(command));
    const body = note === undefined ? {} : { text: note };
    const answer = await hub.post(`${pathOf(id)}/${deed}`, body, IncidentAnswer);
    await tell(hub, answer);
    const hint = hintAfter(deed, answer, systemLocale().language);
    if (hint !== undefined) process.stderr.write(`${hint}\n`);
  });
}

function noteCommand(): Command {
  const command = new Command('note')
    .description('Writes something down about it')
    .argument('<id>', 'as the list has it')
    .argument('<text>', 'what others should know');
  return asking(command).action(async (id: string, text: string) => {
    const hub = hubClient(settingsOf(command));
    await tell(hub, await hub.post(`${pathOf(id)}/note`, { text }, IncidentAnswer));
  });
}

async function tell(hub: HubClient, answer: Parameters<typeof incidentInWords>[0]): Promise<void> {
  const now = Date.now() / 1000;
  process.stdout.write(incidentInWords(answer, await placesOf(hub), now, systemLocale().language));
}

function pathOf(id: string): string {
  return `incidents/${encodeURIComponent(id)}`;
}
