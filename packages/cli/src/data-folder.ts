import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { Refusal } from './refusal.ts';

/**
 * Makes the data folder where there is none, and sees to it that this user can write what is in it: often it was begun by
 * another, such as root.
 * @throws Refusal with the folder, the user, and what to do
 */
export function assertWritable(data: string): void {
  assertWithin(resolve(data), (folder) => mkdirSync(folder, { recursive: true }));
}

/**
 * The same where the folder must be there: what was begun by enrolment is not looked for in a folder whose name was mistyped.
 * @throws Refusal where it is not, or cannot be written
 */
export function assertThere(data: string): void {
  assertWithin(resolve(data), (folder) => {
    try {
      statSync(folder);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      throw new Refusal(
        `There is no data folder ${folder}: name this machine’s with --data or TONGTANG_DATA, or begin one with tongtang agent enroll <hub> <code>`,
      );
    }
  });
}

function assertWithin(folder: string, ensure: (folder: string) => void): void {
  try {
    ensure(folder);
    // A daemon that runs makes and removes files meanwhile.
    for (const path of [folder, ...within(folder)])
      if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const user = userName();
    throw new Refusal(
      `The data folder ${folder} cannot be written by ${user} (${messageOf(error)}): give it to that user (chown -R ${user} ${folder}), run as the one who owns it, or name another folder with --data or TONGTANG_DATA`,
    );
  }
}

/** The folders of hub, agent and log, and their databases. */
function within(folder: string): string[] {
  const inner = ['hub', 'agent', 'log'].map((name) => join(folder, name)).filter((path) => existsSync(path));
  const databases = [folder, ...inner].flatMap((path) =>
    readdirSync(path)
      .filter((name) => name.endsWith('.db') || name === 'lock')
      .map((name) => join(path, name)),
  );
  return [...inner, ...databases];
}

/** A user of a container may have a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`;
  }
}
