import type { Shown } from '../panel.ts';

/** Readings that more than one page shows, without how they are grouped and from which layer. */
type Kind = Omit<Shown, 'by' | 'layer'>;

const broadband = { measurement: 'stamp', link: 'broadband' } as const;
const lan = { measurement: 'ping', link: 'lan' } as const;

export const kinds = {
  hubRtt: {
    ...broadband,
    field: 'rtt_ms',
    agg: 'mean',
    limits: 'lessonRtt',
    title: { zh: '地网时延', en: 'Broadband RTT' },
  },
  hubLoss: {
    ...broadband,
    field: 'loss_ratio',
    agg: 'mean',
    limits: 'lessonLoss',
    title: { zh: '地网丢包', en: 'Broadband loss' },
  },
  hubJitter: {
    ...broadband,
    field: 'jitter_ms',
    agg: 'mean',
    limits: 'lessonJitter',
    title: { zh: '地网抖动', en: 'Broadband jitter' },
  },
  voice: {
    ...broadband,
    field: 'r_factor',
    agg: 'mean',
    title: { zh: '通话质量（R 值）', en: 'Voice quality (R)' },
  },
  lossUp: { ...broadband, field: 'loss_up', agg: 'sum' },
  lossDown: { ...broadband, field: 'loss_down', agg: 'sum' },
  lanRtt: {
    ...lan,
    field: 'rtt_ms',
    agg: 'mean',
    limits: 'lanRtt',
    title: { zh: '校园网时延', en: 'LAN RTT' },
  },
  lanLoss: {
    ...lan,
    field: 'loss_ratio',
    agg: 'mean',
    limits: 'lanLoss',
    title: { zh: '校园网丢包', en: 'LAN loss' },
  },
  resolveTime: {
    measurement: 'dns',
    field: 'resolve_ms',
    agg: 'mean',
    title: { zh: '域名解析时间', en: 'Name resolution' },
  },
  resolved: { measurement: 'dns', field: 'ok', agg: 'last', title: { zh: '域名解析', en: 'Names resolved' } },
  platformFirstByte: {
    measurement: 'http',
    link: 'platform',
    field: 'first_byte_ms',
    agg: 'mean',
    title: { zh: '平台首字节时间', en: 'First byte of platforms' },
  },
  platformReached: {
    measurement: 'http',
    link: 'platform',
    field: 'ok',
    agg: 'last',
    title: { zh: '平台可达', en: 'Platforms reached' },
  },
  locked: { measurement: 'signal', field: 'locked', agg: 'last' },
  margin: {
    measurement: 'signal',
    field: 'margin_db',
    agg: 'min',
    limits: 'margin',
    title: { zh: '信号余量', en: 'Signal margin' },
  },
  cn: { measurement: 'signal', field: 'cn_db', agg: 'mean' },
  streamScore: { measurement: 'mpegts', field: 'stream_score', agg: 'min', limits: 'streamScore' },
  streamLoss: {
    measurement: 'mpegts',
    field: 'loss_ratio',
    agg: 'mean',
    limits: 'lessonLoss',
    title: { zh: '码流丢失率', en: 'Stream loss' },
  },
  streamRate: {
    measurement: 'mpegts',
    field: 'stream_bit_s',
    agg: 'mean',
    title: { zh: '码率', en: 'Bit rate of the stream' },
  },
  cpu: { measurement: 'host', field: 'cpu_ratio', agg: 'mean', limits: 'busy' },
  memory: { measurement: 'host', field: 'memory_used_ratio', agg: 'mean', limits: 'busy' },
  disk: { measurement: 'host', field: 'disk_used_ratio', agg: 'last', limits: 'disk' },
  clock: { measurement: 'agent', field: 'clock_offset_ms', agg: 'last', limits: 'clock' },
  backlog: { measurement: 'agent', field: 'outbox_samples', agg: 'last' },
  oldest: { measurement: 'agent', field: 'outbox_oldest_s', agg: 'last', limits: 'backlogAge' },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind, told apart by tags and read from a layer. */
export function reading(
  kind: Kind,
  by: Shown['by'],
  layer: Shown['layer'] = 'raw',
  further: Readonly<Partial<Pick<Shown, 'agg' | 'limits' | 'title' | 'where' | 'ofSchool'>>> = {},
): Shown {
  return { ...kind, by, layer, ...further };
}
