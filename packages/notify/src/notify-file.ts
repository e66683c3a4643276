import { readFileSync, statSync } from 'node:fs';
import { Identifier } from '@tongtang/model/identifier';
import { severities } from '@tongtang/model/notice';
import type { Language } from '@tongtang/model/text';
import { messageOf } from '@tongtang/runtime/errors';
import { type Validated, validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';
import { LineCounter, parseDocument } from 'yaml';
import { type Called, type Channel, Person } from './channel.ts';
import { Days, DayTime, firstOutside, isDate } from './day-time.ts';
import { channelKinds } from './registry.ts';
import { namedIn, Roster } from './roster.ts';

const closed = { additionalProperties: false } as const;

const HoursDocument = Type.Object(
  { days: Type.Optional(Days), from: Type.Optional(DayTime), to: Type.Optional(DayTime) },
  closed,
);
const Places = Type.Optional(Type.Array(Identifier, { minItems: 1 }));

const RouteDocument = Type.Object(
  {
    name: Identifier,
    /** Names of channels. */
    to: Type.Array(Identifier, { minItems: 1 }),
    counties: Places,
    clusters: Places,
    schools: Places,
    /** The least; all where absent. */
    severity: Type.Optional(Type.Enum([...severities])),
    /** The route is there in these hours only. */
    hours: Type.Optional(HoursDocument),
    /** In these hours all waits but for a lesson at risk. */
    quiet: Type.Optional(Type.Array(HoursDocument)),
    /** Who is on duty is called for. */
    roster: Type.Optional(Identifier),
  },
  closed,
);
export type Route = Readonly<Static<typeof RouteDocument>>;

/** The notify file (YAML) as people write it. */
export const NotifyDocument = Type.Object(
  {
    /** Where people open the console: links in messages begin with it. */
    console: Type.String({ pattern: '^https?://[^\\s/?#]+/?$', form: 'must be http://host or https://host' }),
    /** A finding that lies further back is recorded and not sent. */
    lateAfterMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    people: Type.Optional(Type.Record(Identifier, Person)),
    rosters: Type.Optional(Type.Record(Identifier, Roster)),
    channels: Type.Record(
      Identifier,
      Type.Object({ kind: Type.Enum(channelKinds.map(({ kind }) => kind)) }, { additionalProperties: true }),
      { minProperties: 1 },
    ),
    routes: Type.Array(RouteDocument, { minItems: 1 }),
  },
  closed,
);
type NotifyDocument = Static<typeof NotifyDocument>;

export type OpenChannel = Channel & Readonly<{ kind: string; language: Language }>;

/** Who is told what, where and when. */
export type NotifySettings = Readonly<{
  /** Without a slash at its end. */
  console: string;
  lateAfterS: number;
  people: Readonly<Record<string, Person>>;
  rosters: Readonly<Record<string, Roster>>;
  channels: Readonly<Record<string, OpenChannel>>;
  routes: readonly Route[];
}>;

/** People by their keys, in that order; a key of nobody is passed over. */
export function calledFor({ people }: Pick<NotifySettings, 'people'>, keys: readonly string[]): Called[] {
  return keys.flatMap((key) => {
    const person = people[key];
    return person === undefined ? [] : [{ ...person, key }];
  });
}

const defaultLateAfterMinutes = 30;

/**
 * Reads a notify file. It holds keys and passwords, so nobody but its owner may read it.
 * @returns the settings, or every problem with the file's name and the place in it, without what stands there
 */
export function readNotifyFile(path: string): Validated<NotifySettings> {
  const named = (problems: readonly string[]) => ({
    ok: false as const,
    problems: problems.map((problem) => `${path}: ${problem}`),
  });
  try {
    const { mode } = statSync(path);
    // Windows keeps to the folder's rights.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return named([`others may read it (mode ${(mode & 0o777).toString(8)}): chmod 600 ${path}`]);
    const settings = notifySettings(readFileSync(path, 'utf8'));
    return settings.ok ? settings : named(settings.problems);
  } catch (error) {
    return named([messageOf(error)]);
  }
}

/** The same from a file's text. */
export function notifySettings(yaml: string): Validated<NotifySettings> {
  const parsed = parsedYaml(yaml);
  if (!parsed.ok) return parsed;
  const checked = validate(NotifyDocument, parsed.value);
  if (!checked.ok) return checked;
  const document = checked.value;
  const channels = openChannels(document);
  const problems = [...channels.problems, ...crossCheck(document)];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      console: document.console.replace(/\/$/, ''),
      lateAfterS: (document.lateAfterMinutes ?? defaultLateAfterMinutes) * 60,
      people: document.people ?? {},
      rosters: document.rosters ?? {},
      channels: channels.open,
      routes: document.routes,
    },
  };
}

/** Errors of YAML quote what stands there, and a key may: told are the place and the kind of error. */
function parsedYaml(yaml: string): Validated<unknown> {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ code, pos: [start] }) => {
    const { line, col } = lines.linePos(start);
    return `line ${line}, column ${col}: not YAML (${code})`;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: document.toJS() };
}

function openChannels(document: NotifyDocument): {
  open: Record<string, OpenChannel>;
  problems: string[];
} {
  const open: Record<string, OpenChannel> = {};
  const problems: string[] = [];
  for (const [name, settings] of Object.entries(document.channels)) {
    const kind = channelKinds.find(({ kind }) => kind === settings.kind);
    const opened = kind?.open(name, settings);
    if (opened?.ok === true)
      open[name] = {
        ...opened.value,
        kind: settings.kind,
        language: 'language' in settings && settings.language === 'en' ? 'en' : 'zh',
      };
    else for (const problem of opened?.problems ?? []) problems.push(problem);
  }
  return { open, problems };
}

function crossCheck({ channels, routes, people = {}, rosters = {} }: NotifyDocument): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  for (const [index, route] of routes.entries()) {
    const place = `routes[${index}]`;
    if (names.has(route.name)) problems.push(`${place}.name: "${route.name}" is used twice`);
    names.add(route.name);
    for (const channel of route.to)
      if (!Object.hasOwn(channels, channel)) problems.push(`${place}.to: no channel "${channel}"`);
    if (route.roster !== undefined && !Object.hasOwn(rosters, route.roster))
      problems.push(`${place}.roster: no roster "${route.roster}"`);
    if (route.quiet !== undefined && firstOutside(route.quiet, 0, 'UTC') === undefined)
      problems.push(`${place}.quiet: nothing is left of the week`);
  }
  for (const [name, roster] of Object.entries(rosters)) {
    for (const [place, who] of namedIn(roster))
      if (!Object.hasOwn(people, who)) problems.push(`rosters.${name}.${place}: nobody "${who}" in people`);
    for (const [place, date] of datesIn(roster))
      if (!isDate(date)) problems.push(`rosters.${name}.${place}: ${date} is not in the calendar`);
    for (const [index, { first, last }] of (roster.except ?? []).entries())
      if (last < first) problems.push(`rosters.${name}.except[${index}].last: ${last} is before ${first}`);
  }
  return problems;
}

function datesIn({ except = [], turns }: Roster): [place: string, date: string][] {
  return [
    ...except.flatMap(({ first, last }, index): [string, string][] => [
      [`except[${index}].first`, first],
      [`except[${index}].last`, last],
    ]),
    ...(turns === undefined ? [] : [['turns.from', turns.from] as [string, string]]),
  ];
}
