import { environmentName, flagName, readSettings } from '@tongtang/runtime/settings';
import type { Command } from 'commander';
import { Refusal } from './refusal.ts';
import { Settings } from './settings.ts';

type Key = keyof Settings & string;

/** Adds the flags of these settings to a command, with their meaning, default and environment variable. */
export function withSettings(command: Command, keys: readonly Key[]): Command {
  for (const key of keys) {
    const definition = Settings.properties[key];
    const value = 'default' in definition ? `, default ${JSON.stringify(definition.default)}` : '';
    const description = 'description' in definition ? String(definition.description) : '';
    command.option(`${flagName(key)} <value>`, `${description} (${environmentName(key)}${value})`);
  }
  return command.option(
    '--config <file>',
    'Settings file (TONGTANG_CONFIG, default tongtang.yaml where there is one)',
  );
}

/**
 * The settings that hold for a command.
 * @throws Refusal with every problem and its place
 */
export function settingsOf(command: Command): Settings {
  const options = command.optsWithGlobals();
  const keys: readonly string[] = Object.keys(Settings.properties);
  const file = options.config ?? process.env.TONGTANG_CONFIG;
  const answer = readSettings(Settings, {
    flags: Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key))),
    environment: process.env,
    ...(file !== undefined && { file: String(file) }),
  });
  if (!answer.ok) throw new Refusal(answer.problems);
  return answer.value;
}
