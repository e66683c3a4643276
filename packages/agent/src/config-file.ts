import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { Config } from '@tongtang/wire/messages';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** The configuration as the hub last pushed it, kept so that an agent that starts offline has lessons and targets. */
export class ConfigFile {
  readonly #path: string;
  readonly #log: Log;
  #config: Config | undefined;

  /** A damaged file is as good as none: the hub pushes its configuration at the next connection. */
  constructor(dataFolder: string, log: Log) {
    this.#path = join(dataFolder, 'agent', 'config.json');
    this.#log = log;
    try {
      this.#config = readJsonFile(this.#path, Config);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'saved configuration ignored');
    }
  }

  get config(): Config | undefined {
    return this.#config;
  }

  /** Takes a pushed configuration. @returns whether it is another revision than the one in use */
  take(config: Config): boolean {
    if (config.revision === this.#config?.revision) return false;
    this.#config = config;
    try {
      writeJsonFile(this.#path, config, false);
    } catch (error) {
      this.#log.error({ error: messageOf(error) }, 'configuration in use, but not saved');
    }
    return true;
  }
}
