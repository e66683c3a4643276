import type { Text } from '@tongtang/model/text';

/**
 * What is seen of a trouble, in words that the decision table asks for. Each has few values, so that a row can be read, and
 * tested by itself.
 */
export const observations = {
  chain: {
    values: ['network', 'quality', 'reception', 'machine'],
    title: { zh: '环节', en: 'what it concerns' },
  },
  scope: { values: ['county', 'several', 'school'], title: { zh: '范围', en: 'how wide' } },
  hub: { values: ['away', 'ran'], title: { zh: '中心', en: 'the hub itself' } },
  rooms: { values: ['one', 'several'], title: { zh: '在线机器', en: 'machines that were on' } },
  lost: { values: ['all', 'some', 'one'], title: { zh: '其中受影响', en: 'of these concerned' } },
  told: {
    values: ['yes', 'no'],
    title: { zh: '断线期间有本机测量', en: 'they measured while it lasted' },
  },
  gateway: { values: ['fine', 'lost', 'unmeasured'], title: { zh: '网关', en: 'gateway' } },
  lan: {
    values: ['poor', 'fine'],
    title: { zh: '到网关的时延与丢包', en: 'delay and loss to the gateway' },
  },
  beyond: {
    values: ['reached', 'lost', 'unmeasured'],
    title: { zh: '中心以外的目标', en: 'far ends other than the hub' },
  },
  carrier: { values: ['lost', 'fine'], title: { zh: '网线信号', en: 'carrier on the cable' } },
  restart: {
    values: ['rebooted', 'ran', 'unknown'],
    title: { zh: '恢复时机器', en: 'machine, when it is back' },
  },
  ended: { values: ['itself', 'unknown'], title: { zh: '连接', en: 'who closed the connection' } },
  lock: { values: ['lost', 'fine', 'unmeasured'], title: { zh: '锁定', en: 'lock' } },
  margin: { values: ['low', 'fine'], title: { zh: '余量', en: 'margin' } },
  receiver: { values: ['silent', 'answers'], title: { zh: '接收机', en: 'receiver' } },
  stream: { values: ['gone', 'damaged', 'fine'], title: { zh: '直播流', en: 'stream' } },
  elsewhere: { values: ['fine', 'unmeasured'], title: { zh: '其他学校', en: 'at other schools' } },
  shape: {
    values: ['rain', 'sun', 'pointing', 'cabling', 'unknown'],
    title: { zh: '载噪比走势', en: 'course of C/N' },
  },
  certainty: { values: ['high', 'low'], title: { zh: '走势把握', en: 'how clear the course is' } },
  sun: { values: ['now', 'none'], title: { zh: '预报日凌', en: 'predicted sun outage' } },
  machine: { values: ['disk-full', 'clock-wrong'], title: { zh: '电脑', en: 'machine' } },
} as const satisfies Record<string, Readonly<{ values: readonly string[]; title: Text }>>;

export type Observation = keyof typeof observations;
export type View = Readonly<{ [Key in Observation]?: (typeof observations)[Key]['values'][number] }>;
/** What a row asks for: one of these values of each observation that it names. */
export type Pattern = Readonly<{
  [Key in Observation]?: readonly (typeof observations)[Key]['values'][number][];
}>;

export const observationNames = Object.keys(observations).filter((name): name is Observation =>
  Object.hasOwn(observations, name),
);

/** Whether a view is what a row asks for. */
export function fits(view: View, pattern: Pattern): boolean {
  return observationNames.every((name) => {
    const wanted: readonly string[] | undefined = pattern[name];
    const seen = view[name];
    return wanted === undefined || (seen !== undefined && wanted.includes(seen));
  });
}
