import { readFileSync, writeFileSync } from 'node:fs';
import { messageOf } from '@tongtang/runtime/errors';
import { Refusal } from './refusal.ts';

/** A file that is handed in. @throws Refusal where it cannot be read */
export function readFile(name: string): { name: string; bytes: Uint8Array } {
  try {
    return { name, bytes: readFileSync(name) };
  } catch (error) {
    throw new Refusal(`${name} cannot be read: ${messageOf(error)}`);
  }
}

/** Writes to a file, or to standard output where none is named. @throws Refusal where it cannot be written */
export function writeFile(file: string | undefined, content: string | Uint8Array): void {
  if (file === undefined) process.stdout.write(content);
  else
    try {
      writeFileSync(file, content);
    } catch (error) {
      throw new Refusal(`${file} cannot be written: ${messageOf(error)}`);
    }
}
