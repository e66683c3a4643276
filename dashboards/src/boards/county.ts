import { type Board, schoolsOfCounty } from '../board.ts';
import { lessonsAtRisk, openIncidents } from './found.ts';
import { kinds, reading } from './readings.ts';

const { hubRtt, hubLoss, lanLoss, locked, margin, streamScore, platformReached, oldest } = kinds;

/** Where is something wrong, and since when. */
export const county: Board = {
  id: 'county',
  title: { zh: '全县总览', en: 'County' },
  about: {
    zh: '每所学校此刻的状态，以及从何时起变坏。曲线取自分钟汇总，至多晚 12 分钟；表格是最近 15 分钟的原始数据。',
    en: 'The state of each school now, and since when it is worse. Charts are of minutes, which come up to 12 minutes late; tables are of the raw data of the last 15 minutes.',
  },
  choices: schoolsOfCounty,
  range: '24h',
  refresh: '1m',
  marked: 'county',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        lessonsAtRisk,
        openIncidents,
        {
          kind: 'map',
          title: { zh: '地图', en: 'Map' },
          shows: {
            zh: '各校此刻的状态：绿为没有故障，橙为有故障，红为影响上课，灰为没有代理。只有清单里写了经纬度的学校',
            en: 'Schools as they are now: green without an incident, orange with one, red with one that takes a lesson, grey without an agent. Only schools whose lat and lon the inventory has',
          },
          whenRed: 'schoolNow',
          width: 24,
          height: 14,
        },
        {
          kind: 'table',
          title: { zh: '各校状态', en: 'Schools' },
          shows: {
            zh: '最近 15 分钟各校的平均丢包与时延、最低信号余量与码流评分、代理最旧的积压。只有名称的学校：没有一台机器在上报',
            en: 'Of each school in the last 15 minutes: mean loss and delay, lowest margin and stream score, the oldest sample held back. A school with nothing but its name: none of its machines reports',
          },
          whenRed: 'anyLink',
          width: 24,
          height: 14,
          lastMinutes: 15,
          opens: 'school',
          readings: [
            reading(lanLoss, ['school']),
            reading(hubLoss, ['school']),
            reading(hubRtt, ['school']),
            reading(locked, ['school']),
            reading(margin, ['school']),
            reading(streamScore, ['school']),
            reading(oldest, ['school'], 'raw', { agg: 'max' }),
          ],
        },
      ],
    },
    {
      title: { zh: '各校历程', en: 'Schools over time' },
      panels: [
        {
          kind: 'states',
          title: { zh: '地网', en: 'Broadband' },
          shows: {
            zh: '各校到中心的平均丢包率：绿为满足授课，红为超过授课所能承受，空白为没有数据',
            en: 'Mean loss from each school to the hub: green is what lessons bear, red is more, blank is no data',
          },
          whenRed: 'broadband',
          width: 12,
          height: 11,
          opens: 'school',
          readings: [reading(hubLoss, ['school'], 'minute')],
        },
        {
          kind: 'states',
          title: { zh: '天网', en: 'Satellite' },
          shows: {
            zh: '各校接收机锁定的时间比例：空白为接收机没有应答',
            en: "How much of the time each school's receivers were locked: blank is a receiver that does not answer",
          },
          whenRed: 'satellite',
          width: 12,
          height: 11,
          opens: 'satellite',
          readings: [reading(locked, ['school'], 'minute', { agg: 'share', limits: 'yes' })],
        },
        {
          kind: 'states',
          title: { zh: '校园网', en: 'School LAN' },
          shows: {
            zh: '各校教室电脑到网关的平均丢包率',
            en: "Mean loss from each school's PCs to their gateway",
          },
          whenRed: 'lan',
          width: 12,
          height: 11,
          opens: 'school',
          readings: [reading(lanLoss, ['school'], 'minute')],
        },
        {
          kind: 'states',
          title: { zh: '直播流', en: 'Stream' },
          shows: {
            zh: '各校收到的码流最低的评分（完好秒数的百分比）',
            en: "Lowest score of each school's stream (per cent of good seconds)",
          },
          whenRed: 'stream',
          width: 12,
          height: 11,
          opens: 'school',
          readings: [reading(streamScore, ['school'], 'minute')],
        },
      ],
    },
    {
      title: { zh: '全县', en: 'All schools' },
      panels: [
        {
          kind: 'chart',
          shows: { zh: '各校到中心的往返时延', en: 'Round-trip delay from each school to the hub' },
          whenRed: 'broadband',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [reading(hubRtt, ['school'], 'minute')],
        },
        {
          kind: 'heard',
          title: { zh: '在上报的机器', en: 'Machines that report' },
          shows: {
            zh: '有数据到达的机器数。放学后下降是正常的；上课时骤降是断网或停电',
            en: 'How many machines data come from. That it falls after school is usual; in lessons it is a cut or a power failure',
          },
          whenRed: 'hub',
          width: 12,
          height: 9,
          layer: 'minute',
        },
        {
          kind: 'states',
          title: { zh: '资源平台', en: 'Platforms' },
          shows: {
            zh: '各平台被成功打开的比例，全县各校合计',
            en: 'How many of the visits of all schools to each platform succeeded',
          },
          whenRed: 'platform',
          width: 24,
          height: 6,
          readings: [reading(platformReached, ['target'], 'minute', { agg: 'share', limits: 'yes' })],
        },
      ],
    },
  ],
};
