import { type Static, Type } from 'typebox';
import { Identifier } from './identifier.ts';

/** How much it matters to lessons, least first. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a notice says of its incident. */
export const noticeKinds = ['opened', 'updated', 'resolved'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

const closed = { additionalProperties: false } as const;

const InBothLanguages = Type.Object({ zh: Type.String(), en: Type.String() }, closed);
const Named = Type.Object({ id: Identifier, name: InBothLanguages }, closed);
/** Seconds since 1970, in hub time. */
const Seconds = Type.Number({ minimum: 0 });

/** A lesson that an incident takes, or may take. */
const LessonHit = Type.Object(
  {
    school: Named,
    class: Named,
    /** What is taught, where the timetable says it. */
    subject: Type.Optional(InBothLanguages),
    start: Seconds,
    end: Seconds,
  },
  closed,
);
export type LessonHit = Readonly<Static<typeof LessonHit>>;

/**
 * One step of an incident as people are told of it: pure data, all of it known when it is made. The same incident and step are
 * the same notice, however often it comes: after a restart, or when late data are gone through again.
 */
export const Notice = Type.Object(
  {
    /** Short enough to be read out over the telephone. */
    incident: Identifier,
    /** Counts the notices of the incident, from 1. */
    step: Type.Integer({ minimum: 1 }),
    kind: Type.Enum([...noticeKinds]),
    /** What it is of where it is of no incident: checks before lessons, or what is foreseen. */
    about: Type.Optional(Type.Enum(['check', 'forecast'])),
    severity: Type.Enum([...severities]),
    county: Type.Object({ id: Identifier, name: InBothLanguages, timezone: Type.String() }, closed),
    /** Absent where more than one cluster is hit, or the school has none. */
    cluster: Type.Optional(Named),
    /** Absent where more than one school is hit. */
    school: Type.Optional(Named),
    /** What broke, in a few words: "天网中断". */
    what: InBothLanguages,
    /** Why, as far as the evidence goes: "接收机失锁，其他学校正常". */
    cause: InBothLanguages,
    /** What to check, the likeliest first. */
    checks: Type.Array(InBothLanguages),
    /** Lessons that are on, or begin within the next two hours. */
    lessons: Type.Array(LessonHit),
    /** When it broke, in measurement time. */
    since: Seconds,
    /** When it was whole again, in measurement time; with `resolved`. */
    until: Type.Optional(Seconds),
    /** Measurement time of what this notice is about: of a finding in late data it lies far back. */
    at: Seconds,
    /** Measured by an agent, or heard: concluded from what others say, or from silence. */
    evidence: Type.Enum(['measured', 'heard']),
    /** Path of its page in the console, such as `/schools/qilian/hb3z`. */
    page: Type.String({ pattern: '^/', form: 'must be a path that begins with /' }),
  },
  closed,
);
export type Notice = Readonly<Static<typeof Notice>>;
