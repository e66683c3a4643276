import { environmentName } from '@tongtang/runtime/settings';
import type { Command } from 'commander';
import type { Settings } from './settings.ts';

/** The environment that makes a daemon have the same settings as the command that starts it. */
export function environmentOf(command: Command, settings: Settings): NodeJS.ProcessEnv {
  const { config = process.env.TONGTANG_CONFIG } = command.opts<{ config?: string }>();
  return {
    ...process.env,
    ...Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [environmentName(key), String(value)]),
    ),
    // Or the daemons would read the settings file that lies here, whichever was named.
    ...(config !== undefined && { TONGTANG_CONFIG: config }),
  };
}

/** An address that this machine itself can reach, where the hub listens on all. */
export function reachable(listen: string): string {
  return listen.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:');
}
