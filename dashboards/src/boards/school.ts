import type { Board } from '../board.ts';
import { kinds, reading } from './readings.ts';

const k = kinds;

/** One room, or all of them; the line, the dish, or the school's own network. */
export const school: Board = {
  id: 'school',
  title: { zh: '学校', en: 'School' },
  about: {
    zh: '一所学校的各间教室：只有一间变红，问题在那间；全部变红，问题在出口、天线或校园网。全部取自原始数据，最多 30 天。',
    en: 'The rooms of one school: one that is red is the trouble itself; all of them, and it is uplink, dish or LAN. All of raw data, of 30 days at most.',
  },
  choices: [
    { tag: 'county', of: 'one' },
    { tag: 'school', of: 'one' },
  ],
  range: '6h',
  refresh: '1m',
  marked: 'school',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        {
          kind: 'table',
          title: { zh: '各间教室', en: 'Rooms' },
          shows: {
            zh: '最近 15 分钟每间教室的链路与电脑。只有名称的教室：电脑没开，或断线',
            en: 'Links and PC of each room in the last 15 minutes. One with nothing but its name: its PC is off, or it is cut off',
          },
          whenRed: 'anyLink',
          width: 24,
          height: 10,
          lastMinutes: 15,
          opens: 'classroom',
          readings: [
            reading(k.lanLoss, ['classroom']),
            reading(k.hubLoss, ['classroom']),
            reading(k.hubRtt, ['classroom']),
            reading(k.resolved, ['classroom']),
            reading(k.platformReached, ['classroom']),
            reading(k.cpu, ['classroom']),
            reading(k.disk, ['classroom']),
            reading(k.clock, ['classroom']),
            reading(k.oldest, ['classroom']),
          ],
        },
      ],
    },
    {
      title: { zh: '校园网与地网', en: 'LAN and broadband' },
      panels: [
        {
          kind: 'chart',
          shows: { zh: '各教室电脑到网关的丢包率', en: "Loss from each room's PC to the gateway" },
          whenRed: 'lan',
          width: 12,
          height: 8,
          opens: 'classroom',
          readings: [reading(k.lanLoss, ['classroom'])],
        },
        {
          kind: 'chart',
          shows: { zh: '各教室电脑到中心的丢包率', en: "Loss from each room's PC to the hub" },
          whenRed: 'broadband',
          width: 12,
          height: 8,
          opens: 'classroom',
          readings: [reading(k.hubLoss, ['classroom'])],
        },
        {
          kind: 'chart',
          shows: { zh: '各教室电脑到网关的时延', en: "Delay from each room's PC to the gateway" },
          whenRed: 'lan',
          width: 12,
          height: 8,
          opens: 'classroom',
          readings: [reading(k.lanRtt, ['classroom'])],
        },
        {
          kind: 'chart',
          shows: { zh: '各教室电脑到中心的时延', en: "Delay from each room's PC to the hub" },
          whenRed: 'broadband',
          width: 12,
          height: 8,
          opens: 'classroom',
          readings: [reading(k.hubRtt, ['classroom'])],
        },
      ],
    },
    {
      title: { zh: '天网与直播流', en: 'Satellite and stream' },
      panels: [
        {
          kind: 'chart',
          shows: { zh: '每台接收机的最低信号余量', en: 'Lowest margin of each receiver' },
          whenRed: 'satellite',
          width: 12,
          height: 8,
          opens: 'satellite',
          readings: [reading(k.margin, ['school', 'target'])],
        },
        {
          kind: 'chart',
          shows: { zh: '每路码流的最低评分', en: 'Lowest score of each stream' },
          whenRed: 'stream',
          width: 12,
          height: 8,
          readings: [reading(k.streamScore, ['classroom', 'target'])],
        },
      ],
    },
    {
      title: { zh: '平台', en: 'Platforms' },
      panels: [
        {
          kind: 'states',
          shows: {
            zh: '各平台是否能从本校打开',
            en: 'Whether each platform can be reached from this school',
          },
          whenRed: 'platform',
          width: 12,
          height: 7,
          readings: [reading(k.platformReached, ['target'])],
        },
        {
          kind: 'chart',
          shows: {
            zh: '从开始访问到收到各平台首字节的时间',
            en: 'Time until the first byte of each platform came',
          },
          whenRed: 'platform',
          width: 12,
          height: 7,
          readings: [reading(k.platformFirstByte, ['target'])],
        },
      ],
    },
  ],
};
