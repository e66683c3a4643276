import { type Static, Type } from 'typebox';
import { type ThresholdOverrides, ThresholdsDocument, thresholdProblems } from './condition-thresholds.ts';
import { Identifier } from './identifier.ts';
import { linkKinds } from './link.ts';
import type { Text } from './text.ts';

const closed = { additionalProperties: false } as const;

/** A name in one or both languages; a missing one is taken from the other. */
const Name = Type.Object(
  { zh: Type.Optional(Type.String()), en: Type.Optional(Type.String()) },
  { ...closed, minProperties: 1 },
);
type NameDocument = Static<typeof Name>;

export const modes = ['live', 'recorded', 'embedded'] as const;
export type Mode = (typeof modes)[number];
const ModeName = Type.Enum([...modes]);

/** Probes of receivers: the agents beside one alone have them. */
export const receiverProbes = ['snmp', 'satip', 'dvb'] as const;
/** Probes that a target may ask for; an agent's own gateway, resolver and hub need no entry. */
export const targetProbes = [
  'stamp',
  'ping',
  'tcp',
  'http',
  'tls',
  'dns',
  'mpegts',
  'throughput',
  'path',
  ...receiverProbes,
] as const;
/** More often than once an hour it would be a load and not a test. Seconds. */
const leastThroughputEveryS = 3600;
/** Targets that every agent has by itself: their names are taken. */
export const builtInTargets = ['gateway', 'resolver', 'hub'] as const;
export type TargetProbe = (typeof targetProbes)[number];

const TargetDocument = Type.Object(
  {
    id: Identifier,
    name: Type.Optional(Name),
    link: Type.Enum([...linkKinds]),
    probe: Type.Enum([...targetProbes]),
    /** host, host:port or URL, as the probe wants it. */
    address: Type.String({ minLength: 1, maxLength: 500 }),
    /** Seconds between two runs. */
    every: Type.Optional(Type.Integer({ minimum: 5, maximum: 86_400 })),
    /** Ids of the schools that measure it; all where absent. */
    schools: Type.Optional(Type.Array(Identifier)),
  },
  closed,
);

const TimeOfDay = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  form: 'must be a time such as "08:30"',
});

const ClassroomDocument = Type.Object({ id: Identifier, name: Type.Optional(Name) }, closed);
const ClassDocument = Type.Object(
  { id: Identifier, name: Type.Optional(Name), classroom: Type.Optional(Identifier) },
  closed,
);
const PeriodDocument = Type.Object(
  {
    n: Type.Integer({ minimum: 1 }),
    start: TimeOfDay,
    end: TimeOfDay,
  },
  closed,
);

const SchoolDocument = Type.Object(
  {
    id: Identifier,
    name: Name,
    level: Type.Optional(Type.Enum(['senior', 'junior', 'primary'])),
    mode: Type.Optional(ModeName),
    frontEnd: Type.Optional(Identifier),
    cluster: Type.Optional(Identifier),
    /** Whose line it has: schools of one provider that are cut off at once are one incident. */
    provider: Type.Optional(Identifier),
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    /** A number stands for that many classes, each in a classroom of its own. */
    classes: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: 200 }), Type.Array(ClassDocument)]),
    ),
    classrooms: Type.Optional(Type.Array(ClassroomDocument)),
    /** Folder on the classroom PCs to which recorded lessons are delivered, as those write it. */
    lessonFiles: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    /** When incidents of it begin and end, where that is not as everywhere. */
    thresholds: Type.Optional(ThresholdsDocument),
    assumed: Type.Optional(Type.Boolean()),
  },
  closed,
);

const VisitTarget = Type.Optional(Type.Integer({ minimum: 0, maximum: 100 }));
const VisitTargetsDocument = Type.Object(
  { first: VisitTarget, inspection: VisitTarget, research: VisitTarget, service: VisitTarget },
  { ...closed, minProperties: 1 },
);

/** The inventory file (YAML) as people write it: one county a file. */
export const InventoryDocument = Type.Object(
  {
    county: Type.Object({ id: Identifier, name: Name, timezone: Type.String({ minLength: 1 }) }, closed),
    satellite: Type.Optional(
      Type.Object(
        {
          id: Identifier,
          name: Type.Optional(Name),
          longitudeDeg: Type.Number({ minimum: -180, maximum: 180 }),
          downlinkGHz: Type.Number({ exclusiveMinimum: 0 }),
          dishDiameterM: Type.Number({ exclusiveMinimum: 0 }),
          assumed: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    frontEndSchools: Type.Optional(
      Type.Array(Type.Object({ id: Identifier, name: Name, mode: ModeName }, closed)),
    ),
    platforms: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Identifier,
            name: Name,
            url: Type.Optional(Type.String({ pattern: '^https?://', form: 'must be http://… or https://…' })),
          },
          closed,
        ),
      ),
    ),
    clusters: Type.Optional(Type.Array(Type.Object({ id: Identifier, name: Name }, closed))),
    /** What the providers that schools name are called; those that are not here are called by their id. */
    providers: Type.Optional(Type.Array(Type.Object({ id: Identifier, name: Name }, closed))),
    schools: Type.Array(SchoolDocument),
    periods: Type.Optional(Type.Array(PeriodDocument)),
    targets: Type.Optional(Type.Array(TargetDocument)),
    /** How many visits of each kind a school is to have; what is left out is as the "1234" has it (visit.ts). */
    visitTargets: Type.Optional(VisitTargetsDocument),
  },
  closed,
);
export type InventoryDocument = Static<typeof InventoryDocument>;

export type Satellite = NonNullable<InventoryDocument['satellite']>;
export type Period = Static<typeof PeriodDocument>;
export type County = Readonly<{ id: string; name: Text; timezone: string }>;
export type FrontEndSchool = Readonly<{ id: string; name: Text; mode: Mode }>;
export type Platform = Readonly<{ id: string; name: Text; url?: string }>;
export type Cluster = Readonly<{ id: string; name: Text }>;
export type Provider = Readonly<{ id: string; name: Text }>;
export type Classroom = Readonly<{ id: string; name: Text }>;
/** A class (网班) has a timetable and sits in a classroom. */
export type SchoolClass = Readonly<{ id: string; name: Text; classroom: string }>;
export type School = Readonly<{
  id: string;
  name: Text;
  level?: 'senior' | 'junior' | 'primary';
  mode?: Mode;
  frontEnd?: string;
  cluster?: string;
  provider?: string;
  lat?: number;
  lon?: number;
  classes: readonly SchoolClass[];
  classrooms: readonly Classroom[];
  lessonFiles?: string;
  thresholds?: ThresholdOverrides;
  assumed?: boolean;
}>;
/** The far end that a probe measures against. */
export type Target = Readonly<Omit<Static<typeof TargetDocument>, 'name'> & { name: Text }>;

/** One county with everything in it, every name in both languages and every reference resolved. */
export type Inventory = Readonly<{
  county: County;
  satellite?: Satellite;
  frontEndSchools: readonly FrontEndSchool[];
  platforms: readonly Platform[];
  clusters: readonly Cluster[];
  /** Absent where nobody has named any. */
  providers?: readonly Provider[];
  schools: readonly School[];
  periods: readonly Period[];
  targets: readonly Target[];
  visitTargets?: Readonly<Static<typeof VisitTargetsDocument>>;
}>;

/**
 * Builds the inventory from a document that fits {@link InventoryDocument}.
 * @returns the inventory, or every problem with the place it stands at (`schools[3].cluster: …`)
 */
export function buildInventory(
  document: InventoryDocument,
): { inventory: Inventory } | { problems: string[] } {
  const problems = crossCheck(document);
  if (problems.length > 0) return { problems };
  const { county, satellite, visitTargets } = document;
  return {
    inventory: {
      county: { id: county.id, name: bothLanguages(county.name), timezone: county.timezone },
      ...(satellite && { satellite }),
      frontEndSchools: (document.frontEndSchools ?? []).map((school) => ({
        ...school,
        name: bothLanguages(school.name),
      })),
      platforms: (document.platforms ?? []).map((platform) => ({
        ...platform,
        name: bothLanguages(platform.name),
      })),
      clusters: (document.clusters ?? []).map((cluster) => ({
        ...cluster,
        name: bothLanguages(cluster.name),
      })),
      ...(document.providers && {
        providers: document.providers.map((provider) => ({
          ...provider,
          name: bothLanguages(provider.name),
        })),
      }),
      schools: document.schools.map(buildSchool),
      periods: document.periods ?? [],
      targets: (document.targets ?? []).map((target) => ({
        ...target,
        name: bothLanguages(target.name ?? { en: target.id }),
      })),
      ...(visitTargets && { visitTargets }),
    },
  };
}

function buildSchool(document: InventoryDocument['schools'][number]): School {
  const { classes: listed = [], classrooms = [], name, ...rest } = document;
  const classes = (typeof listed === 'number' ? numbered(listed) : listed).map((entry) => ({
    id: entry.id,
    name: bothLanguages(entry.name ?? { en: entry.id }),
    classroom: entry.classroom ?? entry.id,
  }));
  const rooms = new Map(
    classrooms.map((room) => [room.id, { id: room.id, name: bothLanguages(room.name ?? { en: room.id }) }]),
  );
  for (const { classroom, name } of classes)
    if (!rooms.has(classroom)) rooms.set(classroom, { id: classroom, name });
  return { ...rest, name: bothLanguages(name), classes, classrooms: [...rooms.values()] };
}

function numbered(count: number): { id: string; name: Text; classroom?: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `c${index + 1}`,
    name: { zh: `网班 ${index + 1}`, en: `Class ${index + 1}` },
  }));
}

function bothLanguages(name: NameDocument): Text {
  const zh = name.zh ?? name.en ?? '';
  return { zh, en: name.en ?? zh };
}

function crossCheck(document: InventoryDocument): string[] {
  const problems: string[] = [];
  const unique = (place: string, entries: readonly { id: string }[] | undefined): Set<string> => {
    const seen = new Set<string>();
    for (const [index, { id }] of (entries ?? []).entries()) {
      if (seen.has(id)) problems.push(`${place}[${index}].id: "${id}" is used twice`);
      seen.add(id);
    }
    return seen;
  };
  const clusters = unique('clusters', document.clusters);
  const frontEnds = unique('frontEndSchools', document.frontEndSchools);
  unique('providers', document.providers);
  const schools = unique('schools', document.schools);
  const platforms = unique('platforms', document.platforms);
  unique('targets', document.targets);
  for (const [index, school] of document.schools.entries()) {
    const place = `schools[${index}]`;
    if (school.cluster !== undefined && !clusters.has(school.cluster))
      problems.push(`${place}.cluster: no cluster "${school.cluster}"`);
    if (school.frontEnd !== undefined && !frontEnds.has(school.frontEnd))
      problems.push(`${place}.frontEnd: no front-end school "${school.frontEnd}"`);
    problems.push(...thresholdProblems(`${place}.thresholds`, school.thresholds ?? {}));
    const rooms = unique(`${place}.classrooms`, school.classrooms);
    if (typeof school.classes !== 'object') continue;
    unique(`${place}.classes`, school.classes);
    if (school.classrooms === undefined) continue;
    for (const [at, { classroom }] of school.classes.entries())
      if (classroom !== undefined && !rooms.has(classroom))
        problems.push(`${place}.classes[${at}].classroom: no classroom "${classroom}"`);
  }
  for (const [place, entries] of [
    ['targets', document.targets],
    ['platforms', document.platforms],
  ] as const)
    for (const [index, { id }] of (entries ?? []).entries())
      if (builtInTargets.some((own) => own === id))
        problems.push(`${place}[${index}].id: "${id}" is what every agent measures by itself`);
  for (const [index, target] of (document.targets ?? []).entries()) {
    if (target.probe === 'throughput' && (target.every ?? Number.POSITIVE_INFINITY) < leastThroughputEveryS)
      problems.push(
        `targets[${index}].every: a throughput test fills the link: ${leastThroughputEveryS} s or more`,
      );
    if (platforms.has(target.id))
      problems.push(`targets[${index}].id: "${target.id}" is the id of a platform`);
    for (const id of target.schools ?? [])
      if (!schools.has(id)) problems.push(`targets[${index}].schools: no school "${id}"`);
  }
  const periods = new Set<number>();
  for (const [index, { n, start, end }] of (document.periods ?? []).entries()) {
    if (end <= start) problems.push(`periods[${index}].end: ${end} is not after ${start}`);
    if (periods.has(n)) problems.push(`periods[${index}].n: ${n} is used twice`);
    periods.add(n);
  }
  if (!isTimeZone(document.county.timezone))
    problems.push(`county.timezone: "${document.county.timezone}" is not a time zone`);
  return problems;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
