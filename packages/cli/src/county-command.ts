import type { Command } from 'commander';
import { chosenCounty } from './county-choice.ts';
import { type CountyAnswer, type HubClient, hubClient, placesOf } from './hub-client.ts';
import { settingsOf, withSettings } from './options.ts';

/** A command that asks the hub about one county of it; on its machine it needs no token. */
export function askingOfCounty(command: Command): Command {
  return withSettings(
    command.option('--county <id>', 'which county; may be left out where there is only one'),
    ['data', 'http', 'adminToken'],
  );
}

/** The hub that such a command asks, and the county that it is about. @throws Refusal */
export async function hubAndCounty(command: Command): Promise<{ hub: HubClient; county: CountyAnswer }> {
  const hub = hubClient(settingsOf(command));
  const { counties } = await placesOf(hub);
  const { county } = command.opts<{ county?: string }>();
  return { hub, county: chosenCounty(counties, ({ id }) => id, county) };
}
