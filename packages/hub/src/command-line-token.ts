import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePassword } from '@tongtang/broker/password';
import { codeOf } from '@tongtang/runtime/errors';

/**
 * The token by which the command line on the hub's own machine asks a running hub: whoever can read the hub's data folder could
 * change everything in it as well. Undefined where no hub has run with this folder.
 * @throws where it may not be read
 */
export function commandLineToken(dataFolder: string): string | undefined {
  try {
    return readFileSync(fileIn(dataFolder), 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes it anew: a copy of the file is worth nothing after the next start of the hub. */
export function makeCommandLineToken(dataFolder: string): string {
  const file = fileIn(dataFolder);
  const token = makePassword();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, token, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return token;
}

/** Where the hub of this folder listens, or did last: `host:port`. Undefined where none has run. */
export function listenedAt(dataFolder: string): string | undefined {
  try {
    return readFileSync(addressFileIn(dataFolder), 'utf8').trim();
  } catch (error) {
    // Who may not read it is told so where the token is read.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return undefined;
    throw error;
  }
}

/** Leaves word for the command line, which need not be told the address again. */
export function leaveAddress(dataFolder: string, listen: string): void {
  writeFileSync(`${addressFileIn(dataFolder)}.new`, listen);
  renameSync(`${addressFileIn(dataFolder)}.new`, addressFileIn(dataFolder));
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'command-line.token');
}

function addressFileIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'command-line.address');
}
