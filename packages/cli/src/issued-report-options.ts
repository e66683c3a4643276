import type { Language } from '@tongtang/model/text';
import type { Command } from 'commander';
import { chosenCounty } from './county-choice.ts';
import { type CountyAnswer, type HubClient, hubClient, placesOf } from './hub-client.ts';
import { settingsOf, withSettings } from './options.ts';
import type { ReportChoice } from './report-source.ts';

/** What `tongtang report` is told, whichever of its commands it is. */
export type ReportOptions = ReportChoice & { format: readonly string[]; language: Language; out?: string };

/** A command that asks the hub; on its machine it needs no token. */
export function asking(command: Command): Command {
  return withSettings(command, ['data', 'http', 'adminToken']);
}

/** The hub that a command asks. */
export function hubOf(command: Command): HubClient {
  return hubClient(settingsOf(command));
}

/** The county that a command is about. */
export async function countyOf(hub: HubClient, county: string | undefined): Promise<CountyAnswer> {
  return chosenCounty((await placesOf(hub)).counties, ({ id }) => id, county);
}

/** The place that is chosen. */
export function scopeOf(
  { cluster, school }: Pick<ReportOptions, 'cluster' | 'school'>,
  county: string,
): Readonly<{ kind: 'county' | 'cluster' | 'school'; id: string }> {
  if (school !== undefined) return { kind: 'school', id: school };
  return cluster === undefined ? { kind: 'county', id: county } : { kind: 'cluster', id: cluster };
}
