import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Observer } from '@tongtang/broker/access';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';

/**
 * The embedded broker's one reader of everything, for `tongtang tail` on the hub's machine: whoever can read the hub's
 * data folder has its password. Its name cannot be the id of an agent.
 */
const name = '_observer';

const Access = Type.Object({ username: Type.Literal(name), password: Type.String({ minLength: 20 }) });
export type ObserverAccess = Static<typeof Access>;

/** The observer's user name and password, or undefined where no hub has run with this folder. */
export function observerAccess(dataFolder: string): ObserverAccess | undefined {
  const file = fileIn(dataFolder);
  if (!existsSync(file)) return undefined;
  const access = validate(Access, jsonOf(readFileSync(file, 'utf8')));
  return access.ok ? access.value : undefined;
}

/** As the broker wants it; made at the first start, and anew where the file cannot be read. */
export function openObserver(dataFolder: string): Observer {
  const access = observerAccess(dataFolder) ?? createAccess(fileIn(dataFolder));
  return { name, passwordHash: hashPassword(access.password) };
}

function createAccess(file: string): ObserverAccess {
  const access = { username: name, password: makePassword() } as const;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(access), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return access;
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'observer.json');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A file that was cut short is made anew.
    return undefined;
  }
}
