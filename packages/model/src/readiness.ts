import { type Static, Type } from 'typebox';
import type { Mode } from './inventory.ts';
import type { Text } from './text.ts';
import type { Carrier } from './timetable.ts';

/** Whether a class can have its lesson (课前检查), the best first. `unknown`: too little is measured to say. */
export const readinessStates = ['ready', 'unknown', 'at-risk', 'not-ready'] as const;
export type ReadinessState = (typeof readinessStates)[number];

export const readinessTitles: Readonly<Record<ReadinessState, Text>> = {
  ready: { zh: '就绪', en: 'ready' },
  unknown: { zh: '未知', en: 'unknown' },
  'at-risk': { zh: '有风险', en: 'at risk' },
  'not-ready': { zh: '未就绪', en: 'not ready' },
};

/** What is looked at before a lesson, in the order of its way. */
export const readinessItems = [
  'pc',
  'clock',
  'disk',
  'files',
  'lan',
  'broadband',
  'satellite',
  'stream',
  'platform',
  'incident',
  'sun-outage',
  'maintenance',
] as const;
export type ReadinessItem = (typeof readinessItems)[number];

export const readinessItemTitles: Readonly<Record<ReadinessItem, Text>> = {
  pc: { zh: '电脑', en: 'PC' },
  clock: { zh: '时钟', en: 'clock' },
  disk: { zh: '磁盘', en: 'disk' },
  files: { zh: '录播文件', en: 'recorded files' },
  lan: { zh: '校园网', en: 'LAN' },
  broadband: { zh: '地网', en: 'broadband' },
  satellite: { zh: '天网', en: 'satellite' },
  stream: { zh: '直播流', en: 'stream' },
  platform: { zh: '平台', en: 'platform' },
  incident: { zh: '故障', en: 'incident' },
  'sun-outage': { zh: '日凌', en: 'sun outage' },
  maintenance: { zh: '维护', en: 'maintenance' },
};

const closed = { additionalProperties: false } as const;

/** What was found of one item. Figures and times stand beside it, so that it can be told in any language later. */
export const ReadinessCheck = Type.Object(
  {
    item: Type.Enum([...readinessItems]),
    /** A row of the table of findings: packages/lessons/src/readiness/findings.ts. */
    found: Type.String(),
    state: Type.Enum([...readinessStates]),
    /** What was measured: seconds of a clock's or a file's age, bytes of a disk, dB of a margin. */
    figure: Type.Optional(Type.Number()),
    /** Seconds since 1970: since when, or from when. */
    from: Type.Optional(Type.Number()),
    /** Seconds since 1970: until when. */
    to: Type.Optional(Type.Number()),
    /** Id of the incident. */
    incident: Type.Optional(Type.String()),
  },
  closed,
);
export type ReadinessCheck = Readonly<Static<typeof ReadinessCheck>>;

/** What a lesson was found to be at a moment. The worst check first; the state is that of the worst. */
export const Readiness = Type.Object(
  {
    state: Type.Enum([...readinessStates]),
    /** Hub time in seconds. */
    at: Type.Number(),
    checks: Type.Immutable(Type.Array(ReadinessCheck)),
  },
  closed,
);
export type Readiness = Readonly<Static<typeof Readiness>>;

/** A lesson as far as it says what is needed. Seconds since 1970. */
export type LessonToCheck = Readonly<{ mode: Mode; carrier: Carrier; start: number; end: number }>;
