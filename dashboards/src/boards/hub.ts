import type { Board } from '../board.ts';
import type { Shown } from '../panel.ts';
import { kinds, reading } from './readings.ts';

const { hubRtt, hubLoss, backlog, oldest } = kinds;

/** A count of runs says how much was stored: a minute holds how many samples it was made of. */
function stored(measurement: 'stamp' | 'ping' | 'signal' | 'mpegts' | 'http', zh: string, en: string): Shown {
  return { measurement, field: 'ok', agg: 'count', layer: 'minute', by: [], title: { zh, en } };
}

/** The hub as its agents and its store see it. */
export const hub: Board = {
  id: 'hub',
  title: { zh: '中心', en: 'Hub' },
  about: {
    zh: '中心与消息服务器由代理和存储看来如何：可达、时延、存入的样本、还压在各处的数据。中心自身的进程指标不在时序库里，见其 /metrics（Prometheus）。',
    en: 'Hub and broker as agents and store see them: whether they are reached, how fast, what was stored, and what is still held back. Figures of the hub’s own process are not among the samples, see its /metrics (Prometheus).',
  },
  choices: [{ tag: 'county', of: 'one' }],
  range: '24h',
  refresh: '1m',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        {
          kind: 'figure',
          title: { zh: '到中心的丢包', en: 'Loss to the hub' },
          shows: {
            zh: '最近 15 分钟全县到中心的平均丢包率',
            en: 'Mean loss to the hub in the last 15 minutes, of all machines',
          },
          whenRed: 'hub',
          width: 6,
          height: 4,
          lastMinutes: 15,
          readings: [reading(hubLoss, [])],
        },
        {
          kind: 'figure',
          title: { zh: '到中心的时延', en: 'RTT to the hub' },
          shows: {
            zh: '最近 15 分钟全县到中心的平均时延',
            en: 'Mean delay to the hub in the last 15 minutes, of all machines',
          },
          whenRed: 'hub',
          width: 6,
          height: 4,
          lastMinutes: 15,
          readings: [reading(hubRtt, [])],
        },
        {
          kind: 'figure',
          title: { zh: '最旧的积压', en: 'Oldest sample held back' },
          shows: {
            zh: '最近 15 分钟各代理所报最旧未确认样本的年龄',
            en: 'Age of the oldest sample that any agent held back in the last 15 minutes',
          },
          whenRed: 'backlog',
          width: 6,
          height: 4,
          lastMinutes: 15,
          readings: [reading(oldest, [], 'raw', { agg: 'max' })],
        },
        {
          kind: 'figure',
          title: { zh: '最大积压', en: 'Largest backlog' },
          shows: {
            zh: '最近 15 分钟单个代理最多的待发样本',
            en: 'The most samples that one agent held back in the last 15 minutes',
          },
          whenRed: 'backlog',
          width: 6,
          height: 4,
          lastMinutes: 15,
          readings: [reading(backlog, [], 'raw', { agg: 'max' })],
        },
      ],
    },
    {
      title: { zh: '历程', en: 'Over time' },
      panels: [
        {
          kind: 'chart',
          title: { zh: '存入的样本', en: 'Samples stored' },
          shows: {
            zh: '每个时间段内存入的探测结果数，按测量时间计；断网后补传的也在其中',
            en: 'How many results of probes were stored, by the time of measuring; what came later after a cut is among them',
          },
          whenRed: 'hub',
          width: 12,
          height: 9,
          readings: [
            stored('stamp', '地网', 'Broadband'),
            stored('ping', '校园网', 'LAN'),
            stored('signal', '接收机', 'Receivers'),
            stored('mpegts', '码流', 'Streams'),
            stored('http', '平台', 'Platforms'),
          ],
        },
        {
          kind: 'heard',
          title: { zh: '在上报的机器', en: 'Machines that report' },
          shows: { zh: '有数据到达的机器数', en: 'How many machines data come from' },
          whenRed: 'hub',
          width: 12,
          height: 9,
          layer: 'minute',
        },
        {
          kind: 'states',
          title: { zh: '各校到中心', en: 'Schools to the hub' },
          shows: { zh: '各校到中心的平均丢包率', en: 'Mean loss from each school to the hub' },
          whenRed: 'hub',
          width: 12,
          height: 11,
          opens: 'school',
          readings: [reading(hubLoss, ['school'], 'minute')],
        },
        {
          kind: 'chart',
          title: { zh: '各校积压', en: 'Backlog of the schools' },
          shows: {
            zh: '各校代理中最多的待发样本',
            en: 'The most samples that any agent of a school holds back',
          },
          whenRed: 'backlog',
          width: 12,
          height: 11,
          opens: 'school',
          readings: [reading(backlog, ['school'], 'minute', { agg: 'max' })],
        },
      ],
    },
  ],
};
