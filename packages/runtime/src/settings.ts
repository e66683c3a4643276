import { existsSync, readFileSync } from 'node:fs';
import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { messageOf } from './errors.ts';
import { type Validated, validate } from './validation.ts';

/**
 * Settings of a daemon come from one schema: the key `agentBroker` is the flag `--agent-broker`, the environment
 * variable `TONGTANG_AGENT_BROKER` and the key `agentBroker` of tongtang.yaml; description and default stand in the
 * schema, and docs/configuration.md is made from it.
 */
export type SettingSources = Readonly<{
  /** By key; what the command line gave. */
  flags: Readonly<Record<string, unknown>>;
  environment: Readonly<Record<string, string | undefined>>;
  /** A file that must exist; absent: `tongtang.yaml` in the working folder, if there is one. */
  file?: string;
}>;

/**
 * Reads settings: flag before environment before file before default.
 * @returns the settings, or every problem, each with the place where the value came from
 */
export function readSettings<Schema extends TObject>(
  schema: Schema,
  sources: SettingSources,
): Validated<Static<Schema>> {
  const file = readFile(sources.file);
  if (!file.ok) return file;
  const keys = Object.keys(schema.properties);
  const problems = [
    ...unknown(Object.keys(file.value), keys).map((key) => `${file.name}: "${key}" is not a setting`),
    ...unknown(variablesIn(sources.environment), keys.map(environmentName)).map(
      (name) => `${name} is not a setting`,
    ),
  ];
  const given: Record<string, unknown> = {};
  const places = new Map<string, string>();
  for (const [key, definition] of Object.entries(schema.properties)) {
    const [value, place] = pick(key, sources, file);
    if (value === undefined) continue;
    given[key] = typeof value === 'string' ? fromText(definition, value) : value;
    places.set(key, place);
  }
  const checked = validate(schema, Value.Default(schema, given));
  if (checked.ok && problems.length === 0) return checked;
  if (!checked.ok) for (const problem of checked.problems) problems.push(withPlace(problem, places));
  return { ok: false, problems };
}

/** `agentBroker` → `TONGTANG_AGENT_BROKER` */
export function environmentName(key: string): string {
  return `TONGTANG_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `agentBroker` → `--agent-broker` */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function unknown(given: readonly string[], known: readonly string[]): string[] {
  return given.filter((key) => !known.includes(key));
}

/** Ours, but for the one that names the file and what the tests tell each other. */
function variablesIn(environment: SettingSources['environment']): string[] {
  return Object.keys(environment).filter((name) => /^TONGTANG_(?!TEST_|CONFIG$)/.test(name));
}

type SettingsFile = { ok: true; name: string; value: Readonly<Record<string, unknown>> };

function readFile(asked: string | undefined): SettingsFile | { ok: false; problems: string[] } {
  const name = asked ?? 'tongtang.yaml';
  if (asked === undefined && !existsSync(name)) return { ok: true, name, value: {} };
  try {
    const value: unknown = parse(readFileSync(name, 'utf8')) ?? {};
    if (!isRecord(value)) return { ok: false, problems: [`${name}: must be keys and values`] };
    return { ok: true, name, value };
  } catch (error) {
    return { ok: false, problems: [`${name}: ${messageOf(error)}`] };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(key: string, { flags, environment }: SettingSources, file: SettingsFile): [unknown, string] {
  if (flags[key] !== undefined) return [flags[key], flagName(key)];
  const variable = environment[environmentName(key)];
  if (variable !== undefined && variable !== '') return [variable, environmentName(key)];
  return [file.value[key], `${file.name}: ${key}`];
}

/** A text from the command line or the environment, as the kind of value that the setting has. */
function fromText(definition: TSchema, text: string): unknown {
  const kind = 'type' in definition ? definition.type : undefined;
  if ((kind === 'integer' || kind === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function withPlace(problem: string, places: ReadonlyMap<string, string>): string {
  const key = /^[A-Za-z]+/.exec(problem)?.[0] ?? '';
  const place = places.get(key);
  return place === undefined ? problem : problem.replace(key, place);
}
