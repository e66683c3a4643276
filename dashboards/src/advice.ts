import type { Text } from '@tongtang/model/text';

/** What to do where a panel is red: the first thing to look at, and whom to call when it is not that. */
export const advice = {
  anyLink: {
    zh: '点学校名进入该校页面，从上到下找第一处变红的链路：它之后的都是它的后果。',
    en: 'Open the school by its name and look for the first red link from the top: those behind it follow from it.',
  },
  lan: {
    zh: '查教室电脑的网线和指示灯；同校多间教室同时变红，查楼层交换机是否成环或断电。',
    en: "Look at the PC's cable and its lamp. Several rooms of a school at once: look for a loop or a switch without power.",
  },
  broadband: {
    zh: '只有这所学校：看光猫和出口路由器，重启无效即报运营商；多所学校同时：查中心与运营商。时延高而不丢包多为有人占满上行。',
    en: 'This school alone: look at modem and router, then call the provider. Several at once: the hub or the provider. High delay without loss is mostly somebody who fills the uplink.',
  },
  resolver: {
    zh: '其他链路正常而解析失败：在路由器上换一个 DNS 服务器。',
    en: 'Names fail while other links are good: enter another DNS server in the router.',
  },
  platform: {
    zh: '各校同时失败是平台自身的问题，告知平台；只有一所学校失败，查该校出口与 DNS。',
    en: 'All schools at once: the platform itself, tell its operator. One school: its uplink and its DNS.',
  },
  certificate: {
    zh: '告知平台续期证书；若平台证书正常，查教室电脑的时钟。',
    en: "Tell the platform's operator to renew it. Where it was renewed, look at the PC's clock.",
  },
  satellite: {
    zh: '各校同时变红：卫星、前端或日凌。只有一所：下雨先等雨停；天晴查天线指向、高频头、馈线接头和接收机电源。',
    en: 'All schools at once: satellite, front-end or a sun outage. One: wait for rain to end; under a clear sky look at pointing, LNB, connectors of the cable and the power of the receiver.',
  },
  stream: {
    zh: '信号余量也红：先处理卫星。信号正常：查接收机输出、组播所经的交换机（IGMP）和网线。',
    en: "The margin is red as well: see to the satellite first. It is good: look at the receiver's output, the switches that the multicast passes (IGMP) and the cable.",
  },
  host: {
    zh: '关掉占用资源的程序；磁盘满先清理下载与录像。',
    en: 'Close what uses it up. A full disk: remove downloads and recordings.',
  },
  clock: {
    zh: '在电脑上打开自动对时，检查时区是否为北京时间；关机后又错多半是主板电池。',
    en: 'Switch on time synchronisation and look at the time zone. Wrong again after each start is mostly the battery of the board.',
  },
  backlog: {
    zh: '代理在线而积压不退：线路太慢或中心写不进存储，看“中心”页；代理不在线：恢复线路后自行补传，无需处理。',
    en: 'The agent is connected and the backlog stays: the line is too slow, or the hub cannot store, see the page of the hub. It is not connected: nothing to do, it sends all once the line is back.',
  },
  agent: {
    zh: '重启代理；仍然如此，把代理日志交给管理员。丢弃不为零说明断线时间超过了待发队列的容量。',
    en: 'Start the agent anew; where that does not help, give its log to the admin. Dropped samples: the line was cut for longer than its outbox holds.',
  },
  hub: {
    zh: '各校同时变红：查中心主机的网络、磁盘与 InfluxDB（npx tongtang tail、系统日志）；只有个别学校：不是中心的问题。',
    en: "All schools at once: network, disk and InfluxDB of the hub's machine (npx tongtang tail, the journal). Single schools: not the hub.",
  },
  bandwidth: {
    zh: '低于合同带宽：换时段复测，连续三天如此即报运营商，附上本图。',
    en: 'Less than the contract says: compare with other hours; three days in a row, call the provider and send this chart.',
  },
  lessonAtRisk: {
    zh: '从上往下处理：按“怎么办”一列做，做不到就通知任课教师改用备用方式；详情在控制台“今日课表”。',
    en: 'From the top down: do what the column “What to do” says; where that is not to be done in time, tell the teacher to fall back. The console has the details under “Lessons”.',
  },
  lessonLost: {
    zh: '看“原因”和故障编号，在控制台打开该故障；没有故障的，打开学校页面看当时的链路。',
    en: 'Look at the cause and open the incident of that number in the console; where there is none, open the school and look at its links at that time.',
  },
  incident: {
    zh: '先处理“严重”的：在控制台打开该故障，按其中前三项检查；处理时点“确认”，别人便知道有人在办。',
    en: 'The critical ones first: open it in the console and go through its first three checks. Acknowledge it, so that others know that somebody sees to it.',
  },
  schoolNow: {
    zh: '点学校打开其页面。红色的正在影响上课；灰色的没有代理，无从知道。相邻学校一起变红，多为同一条线路或供电。',
    en: 'Open the school by a click. A red one is losing lessons now; of a grey one nothing is known, it has no agent. Neighbours that are red together mostly share a line or a power supply.',
  },
  objective: {
    zh: '按学校一表从差到好处理：先看损失分钟最多的学校由哪类故障造成；覆盖率低于 50% 的不评判，先把代理装齐、开机。',
    en: 'Go by the table of schools, the worst first: which kind of incident took most of its minutes. With a coverage below 50 % nothing is judged: see that agents are installed and switched on.',
  },
  coverage: {
    zh: '缺的是数据，不是网络：查该校代理是否安装、电脑上课时是否开机，“代理”页有积压与丢弃。',
    en: "What is missing is data, not the network: are the school's agents installed and its PCs on in lessons? The page of agents has backlog and drops.",
  },
} as const satisfies Readonly<Record<string, Text>>;

export type Advice = keyof typeof advice;
