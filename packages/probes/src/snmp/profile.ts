import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';
import { parseDocument } from 'yaml';
import { type SignalFigure, signalFigures } from '../signal/receiver-signal.ts';

/**
 * What a model of receiver says where, as people write it in a YAML file: README.md explains it with an example.
 */

const closed = { additionalProperties: false } as const;

const Entry = {
  /** What the receiver's manual calls it: under this name `raw` has it. */
  label: Type.String({ pattern: '^[^=;]{1,40}$', form: 'must be 1 to 40 characters without = and ;' }),
  oid: Type.String({
    pattern: '^[0-2](\\.(\\d{1,10}|\\{unit\\})){2,60}$',
    form: 'must be an OID with its instance, such as 1.3.6.1.4.1.10894.1.1.1.2.{unit}.6.1.0',
  }),
  type: Type.Enum(['integer', 'gauge', 'text']),
};
const Lock = Type.Object({ ...Entry, map: Type.Record(Type.String(), Type.Boolean()) }, closed);
const Word = Type.Object({ ...Entry, map: Type.Record(Type.String(), Type.String()) }, closed);
const Figure = Type.Object(
  {
    ...Entry,
    /** Of the number after scale and offset. */
    unit: Type.String(),
    /** number × scale + offset */
    scale: Type.Optional(Type.Number()),
    offset: Type.Optional(Type.Number()),
    /** Texts only: a regular expression whose first group is the number. */
    pattern: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Texts only: what begins with one of these is below the receiver's range, and no number. */
    below: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
  },
  closed,
);
const OptionalFigure = Type.Optional(Figure);

const Profile = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    /** Where the OIDs are from. */
    source: Type.String({ minLength: 1, maxLength: 500 }),
    /** How many demodulators it has: `{unit}` in an OID is the number of one. */
    units: Type.Integer({ minimum: 1, maximum: 99 }),
    /** Whether texts of figures are empty while there is no lock. */
    emptyIsUnlocked: Type.Optional(Type.Boolean()),
    /** All of them must say yes. */
    lock: Type.Array(Lock, { minItems: 1, maxItems: 8 }),
    figures: Type.Object(
      {
        cn_db: OptionalFigure,
        ebn0_db: OptionalFigure,
        level_dbm: OptionalFigure,
        level_ratio: OptionalFigure,
        quality_ratio: OptionalFigure,
        ber_pre: OptionalFigure,
        ber_post: OptionalFigure,
        per: OptionalFigure,
        uncorrected: OptionalFigure,
        symbol_rate: OptionalFigure,
        frequency_hz: OptionalFigure,
      } satisfies Record<SignalFigure, unknown>,
      closed,
    ),
    /** Their words in a row name the modulation. */
    modulation: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 4 })),
  },
  closed,
);

export type Profile = Static<typeof Profile>;
export type ProfileEntry = Profile['lock'][number] | FigureEntry | NonNullable<Profile['modulation']>[number];
export type FigureEntry = Static<typeof Figure>;
export type ValueType = FigureEntry['type'];

/** What each figure may be told in, and what makes the catalogue's unit of it. A share of full scale is never decibels. */
export const figureUnits: Readonly<Record<SignalFigure, Readonly<Record<string, number>>>> = {
  cn_db: { dB: 1 },
  ebn0_db: { dB: 1 },
  level_dbm: { dBm: 1 },
  level_ratio: { '%': 0.01, '1': 1 },
  quality_ratio: { '%': 0.01, '1': 1 },
  ber_pre: { '1': 1 },
  ber_post: { '1': 1 },
  per: { '1': 1 },
  uncorrected: { packets: 1 },
  symbol_rate: { Bd: 1, kBd: 1e3, MBd: 1e6 },
  frequency_hz: { Hz: 1, kHz: 1e3, MHz: 1e6 },
};

/**
 * Reads a profile.
 * @param file its name, for the messages
 * @returns the profile, or every problem with file and place (`roof.yaml: figures.cn_db.unit: …`)
 */
export function readProfile(
  text: string,
  file: string,
): Readonly<{ ok: true; profile: Profile }> | Readonly<{ ok: false; problems: readonly string[] }> {
  const refuse = (problems: readonly string[]) =>
    ({ ok: false, problems: problems.map((problem) => `${file}: ${problem}`) }) as const;
  const document = parseDocument(text);
  if (document.errors.length > 0) return refuse(document.errors.map(({ message }) => message));
  const checked = validate(Profile, contentOf(document));
  if (!checked.ok) return refuse(checked.problems);
  const problems = crossCheck(checked.value);
  return problems.length > 0 ? refuse(problems) : { ok: true, profile: checked.value };
}

/** Aliases may be piled up to more than fits in memory; then there is no content. */
function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return messageOf(error);
  }
}

function crossCheck({ figures }: Profile): string[] {
  return signalFigures.flatMap((name) => {
    const figure = figures[name];
    return figure === undefined
      ? []
      : problemsOf(name, figure).map((problem) => `figures.${name}.${problem}`);
  });
}

function problemsOf(name: SignalFigure, { type, unit, pattern, below }: FigureEntry): string[] {
  const problems: string[] = [];
  const units = Object.keys(figureUnits[name]);
  if (!units.includes(unit)) problems.push(`unit: "${unit}" must be one of ${units.join(', ')}`);
  if (type !== 'text' && pattern !== undefined) problems.push('pattern: only texts have one');
  if (type !== 'text' && below !== undefined) problems.push('below: only texts have it');
  if (pattern !== undefined) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) problems.push(`pattern: ${problem}`);
  }
  return problems;
}

function patternProblem(pattern: string): string | undefined {
  try {
    // With an empty alternative it always matches, and the match has as many groups as the pattern.
    const groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
    return groups === 0 ? 'needs a group in parentheses around the number' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The OID of an entry, for one of the receiver's units. */
export function oidOf({ oid }: Readonly<{ oid: string }>, unit: number): string {
  return oid.replaceAll('{unit}', String(unit));
}

/** All that a profile asks of one unit, each once. */
export function oidsOf({ lock, figures, modulation = [] }: Profile, unit: number): string[] {
  const entries = [...lock, ...Object.values(figures), ...modulation];
  return [...new Set(entries.map((entry) => oidOf(entry, unit)))];
}
