import { type Board, schoolsOfCounty } from '../board.ts';
import type { Shown } from '../panel.ts';
import { kinds, reading } from './readings.ts';

const { locked, margin, cn } = kinds;
const receivers = ['school', 'target'] as const;

function signal(
  field: string,
  agg: Shown['agg'],
  layer: Shown['layer'],
  further: Partial<Shown> = {},
): Shown {
  return { measurement: 'signal', field, agg, layer, by: receivers, ...further };
}

/** All receivers beside each other: what they have in common is above them. */
export const satellite: Board = {
  id: 'satellite',
  title: { zh: '卫星与接收机', en: 'Satellite and receivers' },
  about: {
    zh: '各校接收机并排：同时下降的是卫星、前端、日凌或大范围降雨，单独下降的是那一副天线。曲线取自分钟汇总，至多晚 12 分钟。',
    en: 'The receivers of all schools beside each other: what falls at once is satellite, front-end, sun or wide rain; what falls alone is that dish. Charts are of minutes, which come up to 12 minutes late.',
  },
  choices: schoolsOfCounty,
  range: '24h',
  refresh: '1m',
  marked: 'county',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        {
          kind: 'table',
          title: { zh: '各台接收机', en: 'Receivers' },
          shows: {
            zh: '最近 15 分钟每台接收机的锁定、余量、载噪比与不可纠包。缺一台：接收机旁的代理没有上报',
            en: 'Lock, margin, C/N and uncorrected packets of each receiver in the last 15 minutes. One that is missing: the agent beside it does not report',
          },
          whenRed: 'satellite',
          width: 24,
          height: 12,
          lastMinutes: 15,
          readings: [
            reading(locked, receivers),
            reading(margin, receivers),
            reading(cn, receivers),
            signal('level_dbm', 'mean', 'raw'),
            signal('uncorrected', 'sum', 'raw', { limits: 'anything' }),
            signal('modulation', 'last', 'raw'),
          ],
        },
      ],
    },
    {
      title: { zh: '历程', en: 'Over time' },
      panels: [
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 24,
          height: 10,
          readings: [reading(margin, receivers, 'minute')],
        },
        {
          kind: 'states',
          title: { zh: '锁定', en: 'Lock' },
          shows: {
            zh: '每分钟中锁定的读数所占比例',
            en: 'How many of the readings found the receiver locked',
          },
          whenRed: 'satellite',
          width: 24,
          height: 11,
          readings: [reading(locked, ['school'], 'minute', { agg: 'share', limits: 'yes' })],
        },
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 12,
          height: 9,
          readings: [reading(cn, receivers, 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 12,
          height: 9,
          readings: [signal('level_dbm', 'mean', 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 12,
          height: 9,
          readings: [signal('uncorrected', 'sum', 'minute', { limits: 'anything' })],
        },
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 12,
          height: 9,
          readings: [signal('ber_pre', 'max', 'minute')],
        },
      ],
    },
  ],
};
