import type { Board } from '../board.ts';
import type { Shown } from '../panel.ts';
import { kinds, reading } from './readings.ts';

const k = kinds;
/** The receiver stands in another room. */
const ofSchool = { ofSchool: true } as const;

/** A figure of the way from the PC to the front-end, for the last quarter of an hour. */
function step(
  shown: Shown,
  whenRed: 'host' | 'lan' | 'broadband' | 'resolver' | 'platform' | 'satellite' | 'stream',
) {
  return { kind: 'figure', whenRed, width: 3, height: 4, lastMinutes: 15, readings: [shown] } as const;
}

/** From the PC to the front-end, step by step. */
export const classroom: Board = {
  id: 'classroom',
  title: { zh: '教室', en: 'Classroom' },
  about: {
    zh: '从教室电脑到前端的路径，从左到右、从上到下：第一处变红的就是原因，其后的是后果。全部取自原始数据，最多 30 天。',
    en: 'The way from the PC to the front-end, from left to right and from the top down: the first that is red is the cause, what follows follows from it. All of raw data, of 30 days at most.',
  },
  choices: [
    { tag: 'county', of: 'one' },
    { tag: 'school', of: 'one' },
    { tag: 'classroom', of: 'one' },
  ],
  range: '6h',
  refresh: '30s',
  marked: 'school',
  sections: [
    {
      title: { zh: '路径：最近 15 分钟', en: 'The way: the last 15 minutes' },
      panels: [
        step(reading(k.disk, []), 'host'),
        step(reading(k.lanLoss, []), 'lan'),
        step(reading(k.hubLoss, []), 'broadband'),
        step(reading(k.resolved, []), 'resolver'),
        step(reading(k.platformReached, []), 'platform'),
        step(reading(k.locked, [], 'raw', ofSchool), 'satellite'),
        step(reading(k.margin, [], 'raw', ofSchool), 'satellite'),
        step(reading(k.streamScore, [], 'raw', ofSchool), 'stream'),
      ],
    },
    {
      title: { zh: '电脑', en: 'PC' },
      panels: [
        {
          kind: 'chart',
          title: { zh: 'CPU 与内存', en: 'CPU and memory' },
          shows: { zh: '教室电脑的 CPU 与内存占用', en: "Load of the PC's processor and memory" },
          whenRed: 'host',
          width: 8,
          height: 7,
          readings: [reading(k.cpu, []), reading(k.memory, [])],
        },
        {
          kind: 'chart',
          title: { zh: '网卡流量', en: 'Traffic' },
          shows: { zh: '各网卡的收发速率', en: 'What each network interface received and sent' },
          whenRed: 'lan',
          width: 8,
          height: 7,
          readings: [
            { measurement: 'interface', field: 'rx_bit_s', agg: 'mean', layer: 'raw', by: ['interface'] },
            { measurement: 'interface', field: 'tx_bit_s', agg: 'mean', layer: 'raw', by: ['interface'] },
          ],
        },
        {
          kind: 'chart',
          whenRed: 'clock',
          width: 8,
          height: 7,
          readings: [reading(k.clock, [])],
        },
      ],
    },
    {
      title: { zh: '校园网', en: 'School LAN' },
      panels: [
        {
          kind: 'chart',
          whenRed: 'lan',
          width: 12,
          height: 7,
          readings: [reading(k.lanLoss, ['target'])],
        },
        {
          kind: 'chart',
          whenRed: 'lan',
          width: 12,
          height: 7,
          readings: [reading(k.lanRtt, ['target'])],
        },
      ],
    },
    {
      title: { zh: '地网', en: 'Broadband' },
      panels: [
        {
          kind: 'chart',
          whenRed: 'broadband',
          width: 8,
          height: 7,
          readings: [reading(k.hubRtt, ['target'])],
        },
        {
          kind: 'chart',
          title: { zh: '丢包的方向', en: 'Loss by direction' },
          shows: {
            zh: '去程与回程丢失的探测包：上行满多丢去程，下行满多丢回程',
            en: 'Test packets lost each way: a full uplink loses those that go, a full downlink those that come back',
          },
          whenRed: 'broadband',
          width: 8,
          height: 7,
          readings: [reading(k.lossUp, ['target']), reading(k.lossDown, ['target'])],
        },
        {
          kind: 'chart',
          whenRed: 'broadband',
          width: 8,
          height: 7,
          readings: [reading(k.hubJitter, ['target'])],
        },
        {
          kind: 'chart',
          whenRed: 'resolver',
          width: 8,
          height: 7,
          readings: [reading(k.resolveTime, ['target'])],
        },
        {
          kind: 'states',
          whenRed: 'platform',
          width: 16,
          height: 7,
          readings: [reading(k.platformReached, ['target'])],
        },
      ],
    },
    {
      title: { zh: '天网与直播流（本校）', en: 'Satellite and stream (of the school)' },
      panels: [
        {
          kind: 'chart',
          whenRed: 'satellite',
          width: 12,
          height: 7,
          readings: [reading(k.margin, ['target'], 'raw', ofSchool)],
        },
        {
          kind: 'chart',
          whenRed: 'stream',
          width: 12,
          height: 7,
          readings: [reading(k.streamLoss, ['classroom', 'target'], 'raw', ofSchool)],
        },
      ],
    },
  ],
};
