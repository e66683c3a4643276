import { type Board, schoolsOfCounty } from '../board.ts';
import type { Shown } from '../panel.ts';

function test(field: string, agg: Shown['agg'], layer: Shown['layer']): Shown {
  return { measurement: 'throughput', field, agg, layer, by: ['school'] };
}

function traffic(field: string, agg: Shown['agg'], limits: 'anything' | 'none' = 'none'): Shown {
  return { measurement: 'interface', field, agg, layer: 'minute', by: ['school'], limits };
}

/** What the lines can carry, once a day, and what goes over them. */
export const bandwidth: Board = {
  id: 'bandwidth',
  title: { zh: '带宽', en: 'Bandwidth' },
  about: {
    zh: '每天不上课时测一次的线路速率（单条 TCP 连接），和电脑网卡上的流量。被缩短的测量中线路可能更快，原因见表。',
    en: 'What each line carries, measured once a day outside lessons with one TCP connection, and the traffic of the PCs. Where a test was cut short the line may be faster; the table says why.',
  },
  choices: schoolsOfCounty,
  range: '7d',
  refresh: '15m',
  sections: [
    {
      title: { zh: '每日测量', en: 'Daily tests' },
      panels: [
        {
          kind: 'table',
          title: { zh: '各校最近的测量', en: 'Latest test of each school' },
          shows: {
            zh: '所选时间内最后一次测量的下载、上传速率，以及提前结束的原因',
            en: 'Rates of the last test in the range, and why it ended early if it did',
          },
          whenRed: 'bandwidth',
          width: 24,
          height: 11,
          opens: 'school',
          readings: [
            test('download_bit_s', 'last', 'raw'),
            test('upload_bit_s', 'last', 'raw'),
            test('rtt_min_ms', 'last', 'raw'),
            test('download_cut_short', 'last', 'raw'),
            test('upload_cut_short', 'last', 'raw'),
          ],
        },
        {
          kind: 'chart',
          whenRed: 'bandwidth',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [test('download_bit_s', 'mean', 'minute')],
        },
        {
          kind: 'chart',
          whenRed: 'bandwidth',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [test('upload_bit_s', 'mean', 'minute')],
        },
      ],
    },
    {
      title: { zh: '网卡', en: 'Interfaces' },
      panels: [
        {
          kind: 'chart',
          title: { zh: '最大下行流量', en: 'Largest traffic received' },
          shows: {
            zh: '各校网卡中最大的接收速率；不上课时的高流量是更新、下载或环路',
            en: 'The largest rate that any interface of a school received; much of it outside lessons is updates, downloads or a loop',
          },
          whenRed: 'lan',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [traffic('rx_bit_s', 'max')],
        },
        {
          kind: 'chart',
          title: { zh: '最大上行流量', en: 'Largest traffic sent' },
          shows: {
            zh: '各校网卡中最大的发送速率；占满上行的多是网盘同步或监控上传',
            en: 'The largest rate that any interface of a school sent; what fills an uplink is mostly cloud drives and cameras',
          },
          whenRed: 'broadband',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [traffic('tx_bit_s', 'max')],
        },
        {
          kind: 'chart',
          title: { zh: '错误与丢弃', en: 'Errors and drops' },
          shows: {
            zh: '各校网卡的接收错误与丢弃；错误多为网线或接口，丢弃多为环路或广播风暴',
            en: 'Receive errors and drops of the interfaces: errors are mostly a cable or a plug, drops a loop or a broadcast storm',
          },
          whenRed: 'lan',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [traffic('rx_errors', 'sum', 'anything'), traffic('rx_dropped', 'sum', 'anything')],
        },
        {
          kind: 'chart',
          title: { zh: '最低协商速率', en: 'Lowest link speed' },
          shows: {
            zh: '各校网卡中最低的协商速率；千兆网口降到百兆多为网线断了一对',
            en: 'The lowest negotiated speed in each school; 100 Mbit/s on a gigabit port is mostly a cable with a broken pair',
          },
          whenRed: 'lan',
          width: 12,
          height: 9,
          opens: 'school',
          readings: [traffic('speed_bit_s', 'min')],
        },
      ],
    },
  ],
};
