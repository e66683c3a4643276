import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import { Refusal } from './refusal.ts';

/** Writes a file and says so; its folder is made. @throws Refusal where that cannot be */
export function put(file: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  } catch (error) {
    throw new Refusal(`${file} cannot be written: ${messageOf(error)}`);
  }
  process.stdout.write(`${file}\n`);
}
