import type { AgentKind } from '@tongtang/model/agent-kind';
import type { LinkKind, LinkState } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';

/** What a fault happens to. `front-end`: a school that lessons come from. */
export const placeKinds = ['county', 'cluster', 'school', 'classroom', 'front-end'] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** The links of a machine that a fault makes other than good. */
type Hurt = Readonly<Partial<Record<LinkKind, Exclude<LinkState, 'good'>>>>;

export type FaultKindDefinition = Readonly<{
  title: Text;
  /** The smallest first. */
  at: readonly PlaceKind[];
  /** While it lasts: of what each kind of machine there finds out. A `signal` follows from the margin that is left. */
  hurts: Readonly<Record<AgentKind, Hurt>> | 'signal';
  /** `cut`: measures on and tells later. `dead`: measures nothing. */
  silent?: 'cut' | 'dead';
}>;

const outside: Hurt = { broadband: 'down', platform: 'down' };
const noStream: Hurt = { stream: 'down' };
const nothing = { classroom: {}, receiver: {} } as const;

/**
 * Every fault that a script may have, and what is true while it lasts. A PC that has no satellite receiver knows nothing of the
 * dish; what it knows of the lessons' stream it has from the school's network.
 */
export const faultKinds = {
  'fibre-cut': {
    title: { zh: '光缆中断', en: 'Fibre cut' },
    at: ['school'],
    hurts: { classroom: outside, receiver: outside },
    silent: 'cut',
  },
  'provider-outage': {
    title: { zh: '运营商故障', en: 'Provider outage' },
    at: ['cluster', 'county'],
    hurts: { classroom: outside, receiver: outside },
    silent: 'cut',
  },
  'hub-loss': {
    title: { zh: '中心失联', en: 'Hub lost' },
    at: ['county'],
    hurts: { classroom: { broadband: 'down' }, receiver: { broadband: 'down' } },
    silent: 'cut',
  },
  'congested-uplink': {
    title: { zh: '上行拥塞', en: 'Congested uplink' },
    at: ['school'],
    hurts: { classroom: { broadband: 'degraded' }, receiver: { broadband: 'degraded' } },
  },
  'lan-loop': {
    title: { zh: '校园网环路', en: 'Loop in the LAN' },
    at: ['school'],
    hurts: {
      classroom: { lan: 'degraded', broadband: 'degraded', stream: 'degraded' },
      receiver: { lan: 'degraded', broadband: 'degraded', stream: 'degraded' },
    },
  },
  'pc-cable': {
    title: { zh: '电脑网线脱落', en: 'PC’s cable out' },
    at: ['classroom'],
    hurts: {
      classroom: { lan: 'down', broadband: 'down', platform: 'down', stream: 'down' },
      receiver: { lan: 'down', broadband: 'down', platform: 'down', stream: 'down' },
    },
    silent: 'cut',
  },
  rain: { title: { zh: '雨衰', en: 'Rain' }, at: ['school', 'cluster', 'county'], hurts: 'signal' },
  'sun-outage': { title: { zh: '日凌', en: 'Sun outage' }, at: ['county'], hurts: 'signal' },
  mispointing: { title: { zh: '天线偏移', en: 'Mispointed dish' }, at: ['school'], hurts: 'signal' },
  lnb: {
    title: { zh: '高频头故障', en: 'LNB fault' },
    at: ['school'],
    hurts: { classroom: noStream, receiver: { satellite: 'down', stream: 'down' } },
  },
  'receiver-off': {
    title: { zh: '接收机断电', en: 'Receiver off' },
    at: ['school'],
    hurts: { classroom: noStream, receiver: { satellite: 'unknown', stream: 'down' } },
  },
  'stream-lost': {
    title: { zh: '接收机无码流输出', en: 'Receiver gives no stream' },
    at: ['school'],
    hurts: { classroom: noStream, receiver: noStream },
  },
  'front-end-outage': {
    title: { zh: '前端学校停播', en: 'Front-end outage' },
    at: ['front-end'],
    hurts: { classroom: noStream, receiver: noStream },
  },
  'full-disk': { title: { zh: '磁盘已满', en: 'Full disk' }, at: ['classroom'], hurts: nothing },
  'wrong-clock': { title: { zh: '时钟错误', en: 'Wrong clock' }, at: ['classroom'], hurts: nothing },
  'agent-crash': {
    title: { zh: '代理崩溃', en: 'Agent crashed' },
    at: ['classroom'],
    hurts: nothing,
    silent: 'dead',
  },
} as const satisfies Record<string, FaultKindDefinition>;

export type FaultKind = keyof typeof faultKinds;

/** In the order of the table. */
export const faultKindNames = Object.keys(faultKinds).filter(isFaultKind);

export function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(faultKinds, name);
}

/** A kind's definition, for code that handles all of them alike. */
export function definitionOf(kind: FaultKind): FaultKindDefinition {
  return faultKinds[kind];
}
