import type { Board } from '../board.ts';
import { kinds, reading } from './readings.ts';

const { hubRtt, hubLoss, lanLoss, margin, streamScore, streamLoss, platformReached } = kinds;

/** A term, from what is kept for two years. */
export const trend: Board = {
  id: 'trend',
  title: { zh: '学期趋势', en: 'Trends of a term' },
  about: {
    zh: '数周到两年：全部取自分钟汇总，保留两年。一次看一到几所学校；越长越慢。',
    en: 'From weeks to two years, all of minutes, which are kept for two years. A few schools at a time; the longer, the slower.',
  },
  choices: [
    { tag: 'county', of: 'one' },
    { tag: 'school', of: 'few' },
  ],
  range: '90d',
  sections: [
    {
      title: { zh: '地网与校园网', en: 'Broadband and LAN' },
      panels: [
        {
          kind: 'chart',
          whenRed: 'broadband',
          width: 12,
          height: 9,
          readings: [reading(hubRtt, ['school'], 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'broadband',
          width: 12,
          height: 9,
          readings: [reading(hubLoss, ['school'], 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'lan',
          width: 12,
          height: 9,
          readings: [reading(lanLoss, ['school'], 'minute')],
        },
        {
          kind: 'chart',
          title: { zh: '平台可达率', en: 'Platforms reached' },
          shows: {
            zh: '各校打开平台成功的比例',
            en: "How many of a school's visits to platforms succeeded",
          },
          whenRed: 'platform',
          width: 12,
          height: 9,
          readings: [reading(platformReached, ['school'], 'minute', { agg: 'share', limits: 'yes' })],
        },
      ],
    },
    {
      title: { zh: '天网与直播流', en: 'Satellite and stream' },
      panels: [
        {
          kind: 'chart',
          title: { zh: '最低信号余量', en: 'Lowest margin' },
          shows: {
            zh: '每个时间段内的最低余量；一学期缓慢下降是天线偏移或高频头老化',
            en: 'The lowest margin of each interval; a slow fall over a term is a dish that moves or an LNB that ages',
          },
          whenRed: 'satellite',
          width: 24,
          height: 9,
          readings: [reading(margin, ['school', 'target'], 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 9,
          readings: [reading(streamScore, ['school'], 'minute', { agg: 'mean' })],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 9,
          readings: [reading(streamLoss, ['school'], 'minute')],
        },
      ],
    },
  ],
};
