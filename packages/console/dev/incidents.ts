import type { Evidence, Incident, IncidentList, LessonHit, Maintenance } from '../src/api/answers.ts';

/** The incidents of that morning, as they go with the troubles of `county.ts`, and what is announced. */

const classLost = { zh: '连不上中心', en: 'does not reach the hub' };
const lockLost = { zh: '卫星失锁', en: 'no lock on the satellite' };
const congested = { zh: '线路拥塞', en: 'delay or loss beyond what a lesson bears' };
const broadband = { zh: '地网', en: 'broadband' };
const dish = { zh: '卫星天线', en: 'dish' };
const lineCut = { zh: '学校线路中断', en: "the school's line is cut" };
const lnb = { zh: '高频头或馈线故障', en: 'LNB, its power or its cable' };

const evidence = (
  title: Evidence['title'],
  school: string,
  classroom: string,
  from: number,
  to?: number,
): Evidence => ({
  title,
  school,
  classroom,
  agent: `${school}-${classroom}`,
  from,
  ...(to !== undefined && { to }),
});

const lesson = (school: string, room: string, subject: string, start: number): LessonHit => ({
  school,
  class: room,
  classroom: room,
  subject,
  start,
  end: start + 2400,
});

/** The incidents at a moment, in hub time. */
export function incidentsAt(now: number): Incident[] {
  const quarter = (count: number): number => Math.floor(now / 900) * 900 + count * 900;
  const fibre = now - 312;
  const lock = now - 1860;
  return [
    {
      id: 'fibre',
      state: 'open',
      place: { county: 'qilian', school: 'mzxx' },
      where: broadband,
      why: lineCut,
      confidence: 'high',
      severity: 'critical',
      from: fibre,
      openedAt: fibre + 24,
      flapping: false,
      lessons: [
        lesson('mzxx', 'c1', '数学', quarter(2)),
        lesson('mzxx', 'c2', '英语', quarter(2)),
        lesson('mzxx', 'c1', '科学', quarter(5)),
      ],
      schools: ['mzxx'],
      rooms: 4,
      evidence: ['c1', 'c2', 'c3', 'c4'].map((room, index) =>
        evidence(classLost, 'mzxx', room, fibre + index * 3),
      ),
      history: [
        {
          time: fibre + 24,
          what: 'opened',
          found: { where: broadband, why: { zh: '断线或断电', en: 'line or power' }, confidence: 'medium' },
        },
        { time: fibre + 180, what: 'found', found: { where: broadband, why: lineCut, confidence: 'high' } },
      ],
      checks: [
        { zh: '看光猫的光信号灯', en: 'look at the light of the optical modem' },
        { zh: '给运营商报障', en: 'report it to the provider' },
        { zh: '看出口路由器电源', en: "look at the router's power" },
      ],
      saw: [
        { zh: '网络连接有问题', en: 'the network is concerned' },
        { zh: '校内有多台机器在线', en: 'several machines of the school were on' },
        { zh: '在线的机器全部受影响', en: 'all machines that were on are concerned' },
        { zh: '学校网关有应答', en: "the school's gateway answers" },
      ],
    },
    {
      id: 'lock',
      state: 'acknowledged',
      place: { county: 'qilian', school: 'arou' },
      where: dish,
      why: lnb,
      confidence: 'high',
      severity: 'critical',
      from: lock,
      openedAt: lock + 30,
      flapping: true,
      lessons: [lesson('arou', 'c1', '语文', quarter(-1)), lesson('arou', 'c1', '数学', quarter(2))],
      schools: ['arou'],
      rooms: 1,
      acknowledgedBy: 'li',
      evidence: [
        evidence(lockLost, 'arou', 'machine-room', lock, lock + 300),
        evidence(lockLost, 'arou', 'machine-room', lock + 420, lock + 660),
        evidence(lockLost, 'arou', 'machine-room', lock + 840),
        evidence({ zh: '直播流中断', en: 'no stream' }, 'arou', 'machine-room', lock + 850),
      ],
      history: [
        { time: lock + 30, what: 'opened', found: { where: dish, why: lnb, confidence: 'high' } },
        { time: lock + 900, what: 'acknowledged', who: 'li', text: '带着备用高频头去学校，约 40 分钟到。' },
        { time: lock + 1500, what: 'noted', who: 'wang', text: '校长确认昨夜结冰。' },
      ],
      checks: [
        {
          zh: '看接收机是否给高频头供电（13/18 V）',
          en: 'see whether the receiver feeds the LNB (13/18 V)',
        },
        {
          zh: '检查馈线接头和功分器有无进水',
          en: 'look at connectors and splitters for water',
        },
        { zh: '换一个高频头试', en: 'try another LNB' },
      ],
      saw: [
        { zh: '卫星接收有问题', en: 'the reception of the satellite is concerned' },
        { zh: '其他学校接收正常', en: 'other schools receive well' },
        { zh: '载噪比走势像高频头或馈线断开', en: 'C/N fell as when LNB or cable fail' },
      ],
    },
    {
      id: 'slow',
      state: 'open',
      place: { county: 'qilian', school: 'ebao' },
      where: broadband,
      why: { zh: '线路拥塞', en: "the school's line is congested" },
      confidence: 'medium',
      severity: 'warning',
      from: now - 2580,
      openedAt: now - 2500,
      flapping: false,
      lessons: [],
      schools: ['ebao'],
      rooms: 1,
      evidence: [evidence(congested, 'ebao', 'c1', now - 2580)],
      history: [{ time: now - 2500, what: 'opened' }],
      checks: [{ zh: '看谁在下载', en: 'see who downloads' }],
      saw: [],
    },
    {
      id: 'provider',
      state: 'closed',
      place: { county: 'qilian', provider: 'telecom' },
      where: broadband,
      why: { zh: '运营商中断', en: "the provider's network is down" },
      confidence: 'high',
      severity: 'critical',
      from: now - 50_000,
      openedAt: now - 49_960,
      to: now - 46_000,
      flapping: false,
      lessons: ['c1', 'c2', 'c3'].map((room) => lesson('hb3z', room, '晚自习', now - 49_000)),
      schools: ['hb3z', 'mzzx', 'arou', 'ebao'],
      rooms: 44,
      evidence: ['hb3z', 'mzzx', 'arou', 'ebao'].flatMap((school, nth) =>
        Array.from({ length: 11 }, (_, index) =>
          evidence(
            classLost,
            school,
            `c${index + 1}`,
            now - 50_000 + nth * 9 + index,
            now - 46_000 + nth * 40,
          ),
        ),
      ),
      history: [
        { time: now - 49_960, what: 'opened' },
        { time: now - 46_000, what: 'closed', who: 'li', text: '电信已修复' },
      ],
      checks: [{ zh: '给运营商报障', en: 'report it to the provider' }],
      saw: [{ zh: '全县多所学校同时出现', en: 'many schools of the county at once' }],
    },
    {
      id: 'power',
      state: 'resolved',
      place: { county: 'qilian', school: 'hb3z', classroom: 'c3' },
      where: { zh: '教室电脑', en: 'classroom PC' },
      why: { zh: '断电', en: 'power' },
      confidence: 'low',
      severity: 'info',
      from: now - 70_000,
      openedAt: now - 69_800,
      to: now - 68_000,
      flapping: false,
      lessons: [lesson('hb3z', 'c3', '物理', now - 70_500)],
      schools: ['hb3z'],
      rooms: 1,
      evidence: [
        evidence({ zh: '失联', en: 'nothing is heard from it' }, 'hb3z', 'c3', now - 70_000, now - 68_000),
      ],
      history: [
        { time: now - 69_800, what: 'opened' },
        { time: now - 68_000, what: 'resolved' },
      ],
      checks: [{ zh: '问教室是否停电', en: 'ask whether the room has power' }],
      saw: [],
    },
  ];
}

export function incidentListAt(now: number, onlyOpen: boolean): IncidentList {
  const incidents = incidentsAt(now);
  return { time: now, incidents: onlyOpen ? incidents.filter(({ to }) => to === undefined) : incidents };
}

export function maintenanceAt(now: number): Maintenance {
  const day = 86_400;
  const midnight = Math.floor((now + 8 * 3600) / day) * day - 8 * 3600;
  const once = (id: string, note: string, start: number, length: number, school?: string) => ({
    id,
    note,
    kind: 'once' as const,
    start,
    end: start + length,
    ...(school !== undefined && { school }),
    ...(start + length > now && { next: { start, end: start + length } }),
  });
  return {
    time: now,
    timezone: 'Asia/Shanghai',
    windows: [
      once('w-1', '更换核心交换机', now - 1200, 5400, 'hb3z'),
      once('w-2', '电信割接：东片区光缆改造，可能中断两次', midnight + 2 * day + 3600, 4 * 3600),
      {
        id: 'w-3',
        note: '每周系统更新与重启',
        kind: 'weekly',
        weekdays: [3, 6],
        at: '02:00',
        minutes: 90,
        next: { start: midnight + day + 7200, end: midnight + day + 12_600 },
      },
      once('w-4', '更换高频头', now - 6 * day, 3600, 'mole'),
    ],
  };
}
