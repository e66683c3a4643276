import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import type { Static, TSchema } from 'typebox';

/** A file that is not what it should be; the message names the file and what is wrong. */
export class UnreadableFile extends Error {}

/**
 * Reads a JSON file.
 * @returns its content, or undefined where there is no such file
 * @throws UnreadableFile where it is damaged or does not fit the schema
 */
export function readJsonFile<Schema extends TSchema>(
  path: string,
  schema: Schema,
): Static<Schema> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UnreadableFile(`${path}: ${messageOf(error)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UnreadableFile(`${path}: ${messageOf(error)}`);
  }
  const read = validate(schema, document);
  if (!read.ok) throw new UnreadableFile(`${path}: ${read.problems.join('; ')}`);
  return read.value;
}

/**
 * Replaces a file as a whole: whoever reads sees the old content or the new. Only the owner may read it.
 * @param durable whether it must survive a power cut that comes right after
 * @throws where the disk refuses
 */
export function writeJsonFile(path: string, content: unknown, durable: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.next`;
  const file = openSync(next, 'w', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(content)}\n`);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
