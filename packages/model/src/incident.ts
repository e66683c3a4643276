import type { LinkKind } from './link.ts';
import type { Text } from './text.ts';

/**
 * The tree on which causes are looked for, from the front-end school down to the PC. A node explains what shows below it; an
 * incident is placed at the deepest node that explains all its conditions.
 */
export const incidentNodes = [
  'front-end',
  'satellite',
  'dish',
  'receiver',
  'stream',
  'hub',
  'broadband',
  'school',
  'lan',
  'classroom',
] as const;
export type IncidentNode = (typeof incidentNodes)[number];

export const nodeTitles: Readonly<Record<IncidentNode, Text>> = {
  'front-end': { zh: '前端学校', en: 'front-end school' },
  satellite: { zh: '卫星', en: 'satellite' },
  dish: { zh: '卫星天线', en: 'dish' },
  receiver: { zh: '卫星接收机', en: 'receiver' },
  stream: { zh: '直播流', en: 'stream' },
  hub: { zh: '中心', en: 'hub' },
  broadband: { zh: '地网', en: 'broadband' },
  school: { zh: '学校', en: 'school' },
  lan: { zh: '校园网', en: 'school LAN' },
  classroom: { zh: '教室电脑', en: 'classroom PC' },
};

/** Where a cause is. What is absent is not narrower than what is there: without a school it is one of the county. */
export type IncidentPlace = Readonly<{
  node: IncidentNode;
  county: string;
  /** Whose lines are gone, where it is one provider's. */
  provider?: string;
  school?: string;
  classroom?: string;
  agent?: string;
}>;

/** A yes/no statement over recent samples, with hysteresis. Thresholds: condition-thresholds.ts. */
export const conditions = [
  'silent',
  'hub-lost',
  'congested',
  'lock-lost',
  'signal-low',
  'receiver-silent',
  'stream-gone',
  'stream-errors',
  'disk-full',
  'clock-wrong',
] as const;
export type Condition = (typeof conditions)[number];

export const conditionTitles: Readonly<Record<Condition, Text>> = {
  silent: { zh: '失联', en: 'nothing is heard from it' },
  'hub-lost': { zh: '连不上中心', en: 'does not reach the hub' },
  congested: { zh: '线路拥塞', en: 'delay or loss beyond what a lesson bears' },
  'lock-lost': { zh: '卫星失锁', en: 'no lock on the satellite' },
  'signal-low': { zh: '卫星余量不足', en: 'too little margin on the satellite' },
  'receiver-silent': { zh: '接收机无应答', en: 'the receiver does not answer' },
  'stream-gone': { zh: '直播流中断', en: 'no stream' },
  'stream-errors': { zh: '直播流有错', en: 'errors in the stream' },
  'disk-full': { zh: '磁盘将满', en: 'the disk is full' },
  'clock-wrong': { zh: '时钟不准', en: 'the clock is wrong' },
};

/** Why. `unknown` where the evidence does not suffice. */
export const causes = [
  'front-end-outage',
  'carrier-lost',
  'rain-fade',
  'sun-outage',
  'mispointing',
  'lnb-loss',
  'receiver-off',
  'stream-lost',
  'stream-damaged',
  'hub-away',
  'provider-outage',
  'line-cut',
  'line-or-power',
  'congestion',
  'power-lost',
  'lan-failure',
  'pc-cable',
  'agent-ended',
  'disk-full',
  'clock-wrong',
  'unknown',
] as const;
export type Cause = (typeof causes)[number];

export const causeTitles: Readonly<Record<Cause, Text>> = {
  'front-end-outage': { zh: '前端停播', en: 'the front-end school sends nothing' },
  'carrier-lost': { zh: '卫星载波中断', en: 'the carrier on the satellite is gone' },
  'rain-fade': { zh: '雨衰', en: 'rain fade' },
  'sun-outage': { zh: '日凌', en: 'sun outage' },
  mispointing: { zh: '天线偏移', en: 'the dish was moved' },
  'lnb-loss': { zh: '高频头或馈线故障', en: 'LNB, its power or its cable' },
  'receiver-off': { zh: '接收机断电或断网', en: 'the receiver is off or not on the network' },
  'stream-lost': { zh: '直播流未送达', en: 'the stream does not arrive, although the receiver is locked' },
  'stream-damaged': { zh: '直播流在校内受损', en: 'the stream is damaged within the school' },
  'hub-away': { zh: '中心不可达', en: 'the hub is away' },
  'provider-outage': { zh: '运营商中断', en: "the provider's network is down" },
  'line-cut': { zh: '学校线路中断', en: "the school's line is cut" },
  'line-or-power': { zh: '断线或断电', en: 'line or power' },
  congestion: { zh: '线路拥塞', en: "the school's line is congested" },
  'power-lost': { zh: '断电', en: 'power' },
  'lan-failure': { zh: '校园网故障', en: 'switch, loop or cable in the school LAN' },
  'pc-cable': { zh: '电脑网线', en: "the PC's own cable" },
  'agent-ended': { zh: '代理程序中止', en: 'the agent ended by itself' },
  'disk-full': { zh: '磁盘将满', en: 'the disk is full' },
  'clock-wrong': { zh: '时钟不准', en: 'the clock is wrong' },
  unknown: { zh: '原因不明', en: 'cause unknown' },
};

/** `high`: the evidence leaves nothing else; `medium`: it fits best; `low`: it may be something else as well. */
export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/**
 * `withdrawn`: by what is known now (late data, the timetable, announced work) it was none. `joined`: it turned out to be a part of another. `closed`: by hand,
 * although its conditions may go on.
 */
export const incidentStates = ['open', 'acknowledged', 'resolved', 'closed', 'withdrawn', 'joined'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** A condition of one subject, as a part of an incident. Hub time in seconds; without `to` it goes on. */
export type Evidence = Readonly<{
  condition: Condition;
  school: string;
  classroom: string;
  agent: string;
  /** Of the far end, where the condition is about one. */
  target?: string;
  from: number;
  to?: number;
}>;

/** One thing that happened to an incident, or was done to it. */
export type IncidentEvent = Readonly<{
  time: number;
  what:
    | 'opened'
    | 'acknowledged'
    | 'noted'
    | 'closed'
    | 'resolved'
    | 'reopened'
    | 'found'
    | 'corrected'
    | 'withdrawn'
    | 'joined';
  /** Who did it; absent where nobody did. */
  who?: string;
  /** A note. */
  text?: string;
  /** Id of the incident that it is a part of; with `joined`. */
  into?: string;
  /** What was found: when it opened, and when it was found to be something else. */
  found?: Readonly<{ node: IncidentNode; cause: Cause; confidence: Confidence }>;
}>;

/** What can be said of an incident from the evidence alone. The same for the same evidence, in whatever order it came. */
export type Finding = Readonly<{
  place: IncidentPlace;
  cause: Cause;
  confidence: Confidence;
  /** The row of the decision table that says so. */
  row: string;
  /** Hub time in seconds: when its first condition began, when it was bad enough to be told, when the last ended. */
  from: number;
  openedAt: number;
  to?: number;
  /** It went and came back often within a short time. */
  flapping: boolean;
  evidence: readonly Evidence[];
}>;

/** One cause, however many conditions and classrooms it shows in. */
export type Incident = Finding &
  Readonly<{
    id: string;
    state: IncidentState;
    history: readonly IncidentEvent[];
  }>;

/** A lesson as far as an incident can hit it. Hub time in seconds. */
export type PlannedLesson = Readonly<{
  school: string;
  class: string;
  classroom: string;
  /** What is taught, where the timetable says it. */
  subject?: string;
  start: number;
  end: number;
  /** What carries it, the alternatives included. */
  links: readonly LinkKind[];
}>;
