import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

export type Validated<T> = { ok: true; value: T } | { ok: false; problems: string[] };

/**
 * The one gate for input from outside.
 * @returns the value as its type, or every problem with its place, such as `schools[3].lat: must be <= 90`
 */
export function validate<Schema extends TSchema>(schema: Schema, input: unknown): Validated<Static<Schema>> {
  if (Value.Check(schema, input)) return { ok: true, value: input };
  return { ok: false, problems: problemsOf(schema, input) };
}

function problemsOf(schema: TSchema, input: unknown): string[] {
  const problems = new Set<string>();
  const forms = formsIn(schema);
  for (const error of Value.Errors(schema, input)) {
    // Said of the object that holds the unknown key; the key itself is named by the next error.
    if (error.keyword === 'additionalProperties') continue;
    // What does not fit any of several forms is told form by form.
    if (error.keyword === 'anyOf') continue;
    const place = placeOf(error.instancePath);
    const message = inWords(error, forms);
    problems.add(place === '' ? message : `${place}: ${message}`);
  }
  return [...problems];
}

type Problem = ReturnType<typeof Value.Errors>[number];

function inWords(error: Problem, forms: ReadonlyMap<string, string>): string {
  if (error.keyword === 'pattern') return forms.get(String(error.params.pattern)) ?? error.message;
  if (error.keyword === 'enum') return `must be one of ${error.params.allowedValues.join(', ')}`;
  return error.message === 'schema is false' ? 'is not known here' : error.message;
}

/**
 * What a schema says of its patterns in words (`form: 'must be host:port'`), by pattern: a regular expression tells
 * people nothing.
 */
function formsIn(schema: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof schema !== 'object' || schema === null) return found;
  if ('pattern' in schema && 'form' in schema) found.set(String(schema.pattern), String(schema.form));
  for (const part of Object.values(schema)) formsIn(part, found);
  return found;
}

/** `/schools/3/lat` → `schools[3].lat` */
function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (place, part) => (/^\d+$/.test(part) ? `${place}[${part}]` : place === '' ? part : `${place}.${part}`),
      '',
    );
}
