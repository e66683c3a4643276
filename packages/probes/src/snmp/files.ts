import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { type Credentials, publicCommunity, readCredentials } from './credentials.ts';
import { type Profile, readProfile } from './profile.ts';
import { shippedProfiles } from './shipped-profiles.ts';

/** In the data folder of an agent: profiles and credentials of its receivers. */
export const receiversFolder = 'receivers';

/**
 * What the agent knows of receivers from files of its own, in one folder: `profiles/<name>.yaml`, which come before the shipped
 * ones of the same name, and `credentials.yaml`. They are read at each run, so that what was mended counts at once.
 */
export class ReceiverFiles {
  readonly #folder: string | undefined;
  readonly #unnamed: Credentials;

  /**
   * @param folder undefined: shipped profiles only
   * @param unnamed for receivers whose address names no credentials
   */
  constructor(folder?: string, unnamed: Credentials = publicCommunity) {
    this.#folder = folder;
    this.#unnamed = unnamed;
  }

  profile(name: string): Readonly<{ ok: true; profile: Profile }> | Readonly<{ ok: false; problem: string }> {
    const own = this.#read(join('profiles', `${name}.yaml`));
    if ('problem' in own) return { ok: false, problem: own.problem };
    const text = own.text ?? shippedProfiles()[name];
    if (text === undefined)
      return { ok: false, problem: `no profile "${name}": not shipped, and no ${own.file}` };
    const read = readProfile(text, basename(own.file));
    return read.ok ? read : { ok: false, problem: read.problems.join('; ') };
  }

  /** The names of all profiles, own and shipped. */
  profileNames(): string[] {
    const own = this.#folder === undefined ? [] : namesIn(join(this.#folder, 'profiles'));
    return [...new Set([...own, ...Object.keys(shippedProfiles())])].sort();
  }

  credentials(
    name: string | undefined,
  ): Readonly<{ ok: true; credentials: Credentials }> | Readonly<{ ok: false; problem: string }> {
    if (name === undefined) return { ok: true, credentials: this.#unnamed };
    const own = this.#read('credentials.yaml');
    if ('problem' in own) return { ok: false, problem: own.problem };
    if (own.text === undefined)
      return { ok: false, problem: `no credentials "${name}": there is no ${own.file}` };
    if (own.othersRead) return { ok: false, problem: `chmod 600 ${own.file}: everybody can read it` };
    return readCredentials(own.text, name, basename(own.file));
  }

  #read(
    name: string,
  ):
    | Readonly<{ file: string; text?: string; othersRead: boolean }>
    | Readonly<{ file: string; problem: string }> {
    const file = join(this.#folder ?? '', name);
    if (this.#folder === undefined) return { file, othersRead: false };
    try {
      const text = readFileSync(file, 'utf8');
      // Windows keeps its rights elsewhere, and tells 0o666 of every file.
      const othersRead = process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0;
      return { file, text, othersRead };
    } catch (error) {
      return codeOf(error) === 'ENOENT'
        ? { file, othersRead: false }
        : { file, problem: `${file} cannot be read: ${messageOf(error)}` };
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => basename(file, '.yaml'));
  } catch {
    // There is no such folder on most machines.
    return [];
  }
}
