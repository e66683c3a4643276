import type { ReadinessItem, ReadinessState } from '@tongtang/model/readiness';
import type { Text } from '@tongtang/model/text';

/** What follows from what was found: for a lesson that needs it, and for one that does without for a time. */
export type Finding = Readonly<{
  must: ReadinessState;
  may: ReadinessState;
  /** `{figure}`, `{from}` and `{to}` stand for what was measured, and when. */
  why: Text;
  /** Absent where nothing is to be done. */
  todo?: Text;
}>;

/** Of one item, by what was found. */
type Findings = Readonly<Record<string, Finding>>;

const text = (zh: string, en: string): Text => ({ zh, en });

const bad = { must: 'not-ready', may: 'at-risk' } as const;
const poor = { must: 'at-risk', may: 'ready' } as const;
const warning = { must: 'at-risk', may: 'at-risk' } as const;
const good = { must: 'ready', may: 'ready' } as const;
const unknown = {
  must: 'unknown',
  may: 'unknown',
  why: text('没有最近几分钟的读数', 'no reading of the last minutes'),
} as const;

const startThePc = text('请学校开机，等一分钟再看', 'have it switched on, and look again after a minute');

/**
 * Row by row: what was found, and what it means for a lesson. What is found by measuring is told from what nobody measured, which is
 * never ready.
 */
export const findings = {
  pc: {
    on: { ...good, why: text('电脑已开机', 'the PC is on') },
    asleep: { ...warning, why: text('电脑在睡眠', 'the PC is asleep'), todo: startThePc },
    off: {
      ...warning,
      why: text('电脑已关机（{from}）', 'the PC was switched off at {from}'),
      todo: startThePc,
    },
    gone: {
      ...warning,
      why: text(
        '电脑没有消息，最后消息 {from}：没有开机，或断电断线',
        'nothing heard from the PC since {from}: not on yet, or without power or line',
      ),
      todo: startThePc,
    },
    lost: {
      ...bad,
      why: text(
        '电脑失联，最后消息 {from}，本校其他电脑正常',
        'nothing heard from the PC since {from}, while others of the school are heard',
      ),
      todo: text(
        '看电脑是否有电、网线和网口灯，再看代理程序是否在运行',
        'look at its power, its network cable and the light of the socket, then whether the agent runs',
      ),
    },
    unheard: {
      must: 'unknown',
      may: 'unknown',
      why: text('全校没有消息，看不到电脑', 'nothing is heard from the school: the PC cannot be seen'),
      todo: text('打电话问学校是否有电、电脑是否开机', 'ask the school by telephone for power and the PC'),
    },
    silent: {
      must: 'unknown',
      may: 'unknown',
      why: text(
        '中心刚启动，还没有这台电脑的消息',
        'the hub has just started and has not heard from the PC yet',
      ),
    },
    none: {
      must: 'unknown',
      may: 'unknown',
      why: text('教室没有接入电脑，无法检查', 'no machine of this classroom reports: it cannot be checked'),
      todo: text('在总览页“添加电脑”', 'add its machine on the overview page'),
    },
  },
  clock: {
    right: { ...good, why: text('时钟准确', 'its clock is right') },
    // A lesson would begin a minute late by it.
    wrong: {
      ...warning,
      why: text('时钟相差 {figure}', 'its clock is {figure} off'),
      todo: text('打开系统自动对时', 'let the system set its clock by the network'),
    },
    unknown,
  },
  disk: {
    enough: { ...good, why: text('磁盘剩余 {figure}', '{figure} free on the disk') },
    little: {
      ...poor,
      why: text('磁盘只剩 {figure}', 'only {figure} free on the disk'),
      todo: text('删除旧录播和临时文件', 'remove old recordings and temporary files'),
    },
    full: {
      ...bad,
      why: text('磁盘已满，只剩 {figure}', 'the disk is full: {figure} free'),
      todo: text('马上删除旧录播和临时文件', 'remove old recordings and temporary files at once'),
    },
    unknown,
  },
  files: {
    there: {
      ...good,
      why: text('有录播文件，最新的 {figure}前到', 'recorded files are there, the newest came {figure} ago'),
    },
    old: {
      ...warning,
      why: text('最新的录播文件是 {figure}前的', 'the newest recorded file came {figure} ago'),
      todo: text(
        '看接收软件是否在运行；课前打开要用的文件',
        'see whether the receiving program runs; open the file before the lesson',
      ),
    },
    none: {
      ...bad,
      why: text('没有录播文件', 'there are no recorded files'),
      todo: text(
        '看接收软件是否在运行，或从其他电脑拷贝',
        'see whether the receiving program runs, or copy them from another PC',
      ),
    },
    unreadable: {
      ...warning,
      why: text(
        '录播文件夹不存在或不可读取',
        'the folder of recorded files is not there, or may not be read',
      ),
      todo: text(
        '核对清单中的 lessonFiles 和该文件夹的权限',
        'check lessonFiles in the inventory, and who may read the folder',
      ),
    },
    unknown,
    unmeasured: {
      must: 'unknown',
      may: 'unknown',
      why: text('录播文件未测量', 'its recorded files are not measured'),
      todo: text('课前在电脑上打开一次', 'open them on the PC before the lesson'),
    },
  },
  lan: {
    good: { ...good, why: text('校园网正常', 'the LAN is good') },
    degraded: {
      ...poor,
      why: text('校园网劣化', 'the LAN is degraded'),
      todo: text('看交换机和网线，停掉大流量', 'look at switch and cables, and stop heavy traffic'),
    },
    down: {
      ...bad,
      why: text('到网关不通', 'the gateway does not answer'),
      todo: text('看出口路由器、交换机和网线', 'look at the router, the switch and the cables'),
    },
    unknown,
  },
  broadband: {
    good: { ...good, why: text('地网正常', 'broadband is good') },
    degraded: {
      ...poor,
      why: text(
        '地网劣化：时延、抖动或丢包超出授课所需，或部分探测失败',
        'broadband is degraded: more delay, jitter or loss than a lesson bears, or some of what is asked does not answer',
      ),
      todo: text(
        '在教室页面看是哪一项；再看谁在大量上传或下载',
        'see on the page of the classroom which it is; then who uploads or downloads',
      ),
    },
    down: {
      ...bad,
      why: text('地网中断', 'broadband is down'),
      todo: text(
        '看光猫的光信号灯，重启光猫和路由器，再向运营商报障',
        'look at the light of the modem, switch modem and router off and on, then report it to the provider',
      ),
    },
    'not-heard-yet': {
      ...warning,
      why: text(
        '全校还没有消息，最后消息 {from}：没有开机，或断线断电',
        'nothing heard from the school since {from}: nobody is there yet, or line or power is gone',
      ),
      todo: text('打电话请学校开机', 'ask the school by telephone to switch its PCs on'),
    },
    unheard: {
      ...bad,
      why: text(
        '全校没有消息，最后消息 {from}：断线或停电',
        'nothing heard from the school since {from}: line or power',
      ),
      todo: text(
        '打电话问学校是否有电，有电则看光猫的光信号灯',
        'ask the school for power by telephone; if there is, look at the light of the modem',
      ),
    },
    unknown,
  },
  satellite: {
    good: { ...good, why: text('卫星已锁定', 'the receiver is locked') },
    'with-margin': {
      ...good,
      why: text('卫星已锁定，余量 {figure}', 'the receiver is locked, {figure} above its threshold'),
    },
    degraded: {
      ...poor,
      why: text('卫星已锁定，信号劣化', 'the receiver is locked, and the signal is poor'),
      todo: text(
        '若没有雨雪，看天线、接头和电缆',
        'without rain or snow, look at dish, connectors and cable',
      ),
    },
    'little-margin': {
      ...poor,
      why: text('卫星已锁定，余量只有 {figure}', 'the receiver is locked, only {figure} above its threshold'),
      todo: text(
        '若没有雨雪，看天线、接头和电缆；能走地网的课改走地网',
        'without rain or snow, look at dish, connectors and cable; let the lesson use broadband where it can',
      ),
    },
    down: {
      ...bad,
      why: text('卫星未锁定', 'the receiver is not locked'),
      todo: text(
        '看高频头供电、馈线接头，天线有无积雪或移位',
        'look at the power of the LNB, at connectors, and for snow on the dish or a dish that moved',
      ),
    },
    unknown: {
      ...unknown,
      why: text(
        '没有接收机的读数，天网情况不明',
        'no reading of a receiver: nothing is known of the satellite',
      ),
      todo: text(
        '看接收机和它旁边的电脑是否开机',
        'see whether the receiver and the machine beside it are on',
      ),
    },
  },
  stream: {
    good: { ...good, why: text('直播流正常', 'the stream is good') },
    degraded: {
      ...poor,
      why: text('直播流有误码', 'the stream has errors'),
      todo: text('看交换机端口错误和校园网流量', 'look at errors of the switch ports and at the traffic'),
    },
    // Front-ends may begin to send with the bell.
    'not-yet': {
      ...warning,
      why: text('还没有直播流，前端可能尚未开播', 'no stream yet: the front-end may not have begun'),
      todo: text('问前端学校是否准备开播', 'ask the front-end school whether it is about to send'),
    },
    down: {
      ...bad,
      why: text('没有直播流', 'no stream arrives'),
      todo: text(
        '问前端学校是否开播；看接收机的节目与组播输出',
        'ask the front-end school whether it sends; look at programme and multicast output of the receiver',
      ),
    },
    unknown,
  },
  platform: {
    good: { ...good, why: text('资源平台正常', 'the platform answers') },
    degraded: {
      ...poor,
      why: text(
        '资源平台时好时坏，或其中之一不可达',
        'the platform answers poorly, or one of several does not',
      ),
      todo: text('课前打开平台试一次', 'open it once before the lesson'),
    },
    down: {
      ...bad,
      why: text('资源平台不可达', 'no platform answers'),
      todo: text(
        '看其他学校是否也打不开；准备本地课件',
        'see whether other schools reach it; have material on the PC ready',
      ),
    },
    unknown,
  },
  incident: {
    open: {
      ...warning,
      why: text('有未恢复的故障，{from} 起', 'an incident since {from} is not over'),
      todo: text('按故障页上的步骤检查', 'follow the steps on the page of the incident'),
    },
  },
  'sun-outage': {
    within: {
      ...warning,
      why: text('课中有日凌，{from} 至 {to}', 'a sun outage within the lesson, {from} to {to}'),
      todo: text(
        '设备没有故障，会自行恢复；能走地网的课改走地网',
        'nothing is broken, it ends by itself; let the lesson use broadband where it can',
      ),
    },
  },
  maintenance: {
    within: {
      ...warning,
      why: text('课中有已公告的维护，{from} 至 {to}', 'announced work within the lesson, {from} to {to}'),
      todo: text('与维护人员确认，或调课', 'talk to those who work there, or move the lesson'),
    },
  },
} as const satisfies Readonly<Record<ReadinessItem, Findings>>;

/** The row of a finding; undefined of one that this version does not know. */
export function findingOf(item: ReadinessItem, found: string): Finding | undefined {
  const rows: Findings = findings[item];
  return Object.hasOwn(rows, found) ? rows[found] : undefined;
}
