import { type Board, schoolsOfCounty } from '../board.ts';
import type { Shown } from '../panel.ts';
import { kinds, reading } from './readings.ts';

const { streamScore, streamLoss, streamRate } = kinds;
const streams = ['school', 'classroom', 'target'] as const;

function errors(field: string, limits: 'anything' | 'none' = 'anything'): Shown {
  return { measurement: 'mpegts', field, agg: 'sum', layer: 'minute', by: ['school', 'target'], limits };
}

/** What came of the lessons' streams, and what was wrong with it. */
export const stream: Board = {
  id: 'stream',
  title: { zh: '直播流质量', en: 'Stream quality' },
  about: {
    zh: '各校收到的码流（ETSI TR 101 290 第一、二级）。先看评分与丢失，再看错误种类：传输错误多为卫星信号差，RTP 丢包多为校园网。曲线取自分钟汇总，至多晚 12 分钟。',
    en: 'The streams that schools receive (ETSI TR 101 290, priorities 1 and 2). Score and loss first, then the kind of error: transport errors come mostly from the sky, loss of RTP from the LAN. Charts are of minutes, which come up to 12 minutes late.',
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
          title: { zh: '各路码流', en: 'Streams' },
          shows: {
            zh: '最近 15 分钟每路码流的最低评分、丢失率、断流时长、码率与画面停顿',
            en: 'Lowest score, loss, time away, rate and frozen seconds of each stream in the last 15 minutes',
          },
          whenRed: 'stream',
          width: 24,
          height: 12,
          lastMinutes: 15,
          readings: [
            reading(streamScore, streams),
            reading(streamLoss, streams),
            {
              measurement: 'mpegts',
              field: 'absent_s',
              agg: 'sum',
              layer: 'raw',
              by: streams,
              limits: 'anything',
            },
            reading(streamRate, streams),
            {
              measurement: 'mpegts',
              field: 'frozen_s',
              agg: 'sum',
              layer: 'raw',
              by: streams,
              limits: 'anything',
            },
          ],
        },
      ],
    },
    {
      title: { zh: '历程', en: 'Over time' },
      panels: [
        {
          kind: 'states',
          title: { zh: '码流评分', en: 'Stream score' },
          shows: { zh: '各校码流的最低评分', en: "Lowest score of each school's streams" },
          whenRed: 'stream',
          width: 24,
          height: 11,
          readings: [reading(streamScore, ['school'], 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 8,
          readings: [reading(streamLoss, ['school', 'target'], 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 8,
          readings: [reading(streamRate, ['school', 'target'], 'minute')],
        },
        { kind: 'chart', whenRed: 'stream', width: 12, height: 8, readings: [errors('absent_s')] },
        { kind: 'chart', whenRed: 'stream', width: 12, height: 8, readings: [errors('frozen_s')] },
        { kind: 'chart', whenRed: 'satellite', width: 12, height: 8, readings: [errors('transport_errors')] },
        { kind: 'chart', whenRed: 'stream', width: 12, height: 8, readings: [errors('rtp_lost')] },
        { kind: 'chart', whenRed: 'stream', width: 12, height: 8, readings: [errors('continuity_errors')] },
        { kind: 'chart', whenRed: 'stream', width: 12, height: 8, readings: [errors('pat_errors')] },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 8,
          readings: [
            {
              measurement: 'mpegts',
              field: 'jitter_ms',
              agg: 'max',
              layer: 'minute',
              by: ['school', 'target'],
            },
          ],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 8,
          readings: [
            {
              measurement: 'mpegts',
              field: 'pcr_jitter_ms',
              agg: 'max',
              layer: 'minute',
              by: ['school', 'target'],
            },
          ],
        },
      ],
    },
  ],
};
