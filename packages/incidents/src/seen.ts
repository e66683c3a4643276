import type { Text } from '@tongtang/model/text';
import type { Row } from './decision-table.ts';
import { type Observation, observationNames, type observations } from './view.ts';

/** What each value of an observation says of the world. */
const statements: Readonly<{
  [Key in Observation]: Readonly<Record<(typeof observations)[Key]['values'][number], Text>>;
}> = {
  chain: {
    network: { zh: '网络连接有问题', en: 'the network is concerned' },
    quality: { zh: '线路通，但质量差', en: 'the line works, but badly' },
    reception: { zh: '卫星接收有问题', en: 'the reception of the satellite is concerned' },
    machine: { zh: '电脑本身有问题', en: 'the machine itself is concerned' },
  },
  scope: {
    county: { zh: '全县多所学校同时出现', en: 'many schools of the county at once' },
    several: { zh: '多所学校先后出现', en: 'several schools, one after another' },
    school: { zh: '只有这所学校', en: 'this school only' },
  },
  hub: {
    away: { zh: '中心自己当时不在运行', en: 'the hub itself did not run' },
    ran: { zh: '中心一直在运行', en: 'the hub ran all the time' },
  },
  rooms: {
    one: { zh: '校内只有一台机器在线', en: 'only one machine of the school was on' },
    several: { zh: '校内有多台机器在线', en: 'several machines of the school were on' },
  },
  lost: {
    all: { zh: '在线的机器全部受影响', en: 'all machines that were on are concerned' },
    some: { zh: '在线的机器部分受影响', en: 'some of the machines that were on are concerned' },
    one: { zh: '在线的机器只有一台受影响', en: 'only one of the machines that were on is concerned' },
  },
  told: {
    yes: { zh: '断线期间机器仍在测量', en: 'machines measured while they were cut off' },
    no: { zh: '断线期间没有任何测量', en: 'nothing was measured meanwhile' },
  },
  gateway: {
    fine: { zh: '学校网关有应答', en: "the school's gateway answers" },
    lost: { zh: '学校网关无应答', en: "the school's gateway does not answer" },
    unmeasured: { zh: '学校网关没有测量', en: "the school's gateway was not measured" },
  },
  lan: {
    poor: { zh: '到网关时延大或有丢包', en: 'delay or loss to the gateway' },
    fine: { zh: '到网关的质量正常', en: 'the way to the gateway is fine' },
  },
  beyond: {
    reached: { zh: '能到达中心以外的目标', en: 'far ends other than the hub were reached' },
    lost: { zh: '中心以外的目标也到不了', en: 'far ends other than the hub were lost as well' },
    unmeasured: { zh: '没有测量中心以外的目标', en: 'no far end other than the hub was measured' },
  },
  carrier: {
    lost: { zh: '电脑网口没有信号', en: 'no carrier on the network cable' },
    fine: { zh: '电脑网口有信号', en: 'there is a carrier on the network cable' },
  },
  restart: {
    rebooted: { zh: '恢复时机器刚重新开机', en: 'the machine had been started anew when it came back' },
    ran: { zh: '恢复时机器一直开着', en: 'the machine had run all the time when it came back' },
    unknown: { zh: '尚不知道机器是否重启过', en: 'it is not known yet whether the machine was restarted' },
  },
  ended: {
    itself: { zh: '连接由代理一方结束', en: 'the agent itself closed the connection' },
    unknown: { zh: '不知道连接由谁结束', en: 'it is not known who closed the connection' },
  },
  lock: {
    lost: { zh: '接收机失锁', en: 'the receiver has no lock' },
    fine: { zh: '接收机已锁定', en: 'the receiver is locked' },
    unmeasured: { zh: '接收机锁定情况没有测量', en: 'the lock of the receiver was not measured' },
  },
  margin: {
    low: { zh: '信号余量不足', en: 'too little margin' },
    fine: { zh: '信号余量足够', en: 'margin enough' },
  },
  receiver: {
    silent: { zh: '接收机无应答', en: 'the receiver does not answer' },
    answers: { zh: '接收机有应答', en: 'the receiver answers' },
  },
  stream: {
    gone: { zh: '没有直播流', en: 'no stream' },
    damaged: { zh: '直播流有错', en: 'errors in the stream' },
    fine: { zh: '直播流正常', en: 'the stream is fine' },
  },
  elsewhere: {
    fine: { zh: '其他学校接收正常', en: 'other schools receive well' },
    unmeasured: { zh: '没有其他学校的测量', en: 'no other school was measured' },
  },
  shape: {
    rain: { zh: '载噪比走势像降雨', en: 'C/N fell as in rain' },
    sun: { zh: '载噪比走势像日凌', en: 'C/N fell as in a sun outage' },
    pointing: { zh: '载噪比走势像天线被移动', en: 'C/N fell as when a dish is moved' },
    cabling: { zh: '载噪比走势像高频头或馈线断开', en: 'C/N fell as when LNB or cable fail' },
    unknown: { zh: '载噪比走势看不出原因', en: 'the course of C/N tells nothing' },
  },
  certainty: {
    high: { zh: '走势明显', en: 'its course is clear' },
    low: { zh: '走势不明显', en: 'its course is not clear' },
  },
  sun: {
    now: { zh: '正值预报的日凌', en: 'a sun outage was predicted for this time' },
    none: { zh: '没有预报日凌', en: 'no sun outage was predicted' },
  },
  machine: {
    'disk-full': { zh: '磁盘将满', en: 'the disk is full' },
    'clock-wrong': { zh: '时钟不准', en: 'the clock is wrong' },
  },
};

/** What was seen, as far as a row of the decision table asks for it: one statement for each observation. */
export function seenFor({ when }: Pick<Row, 'when'>): Text[] {
  return observationNames.flatMap((name) => {
    const values: readonly string[] | undefined = when[name];
    if (values === undefined) return [];
    const said = Object.entries(statements[name]).flatMap(([value, text]) =>
      values.includes(value) ? [text] : [],
    );
    return [{ zh: said.map(({ zh }) => zh).join('，或'), en: said.map(({ en }) => en).join(', or ') }];
  });
}
