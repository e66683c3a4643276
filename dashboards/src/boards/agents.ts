import { type Board, schoolsOfCounty } from '../board.ts';
import type { Shown } from '../panel.ts';
import { kinds, reading } from './readings.ts';

const { backlog, oldest, clock, disk } = kinds;
const machines = ['school', 'classroom', 'agent'] as const;

function own(field: string, agg: Shown['agg'], further: Partial<Shown> = {}): Shown {
  return { measurement: 'agent', field, agg, layer: 'raw', by: machines, ...further };
}

function ofSchools(field: string, agg: Shown['agg'], further: Partial<Shown> = {}): Shown {
  return { ...own(field, agg, further), layer: 'minute', by: ['school'] };
}

/** Whether the measuring itself is well, and costs what it may. */
export const agents: Board = {
  id: 'agents',
  title: { zh: '代理', en: 'Agents' },
  about: {
    zh: '代理自身：积压、丢弃、时钟与开销。版本不在时序库里，见控制台。曲线取自分钟汇总，至多晚 12 分钟。',
    en: 'The agents themselves: backlog, drops, clock and cost. Versions are not among the samples, the console has them. Charts are of minutes, which come up to 12 minutes late.',
  },
  choices: schoolsOfCounty,
  range: '24h',
  refresh: '1m',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        {
          kind: 'table',
          title: { zh: '各台机器的代理', en: 'Agents of the machines' },
          shows: {
            zh: '最近 15 分钟每个代理的积压、丢弃、写盘失败、时钟、开销与所在磁盘。缺一个：没有上报',
            en: 'Backlog, drops, failed writes, clock, cost and disk of each agent in the last 15 minutes. One that is missing does not report',
          },
          whenRed: 'agent',
          width: 24,
          height: 16,
          lastMinutes: 15,
          opens: 'school',
          readings: [
            reading(backlog, machines),
            reading(oldest, machines),
            own('dropped_samples', 'last', { limits: 'anything' }),
            own('failed_writes', 'last', { limits: 'anything' }),
            reading(clock, machines),
            own('cpu_ratio', 'mean', { limits: 'agentCpu' }),
            own('resident_bytes', 'last', { limits: 'agentMemory' }),
            own('wire_bytes', 'last', { limits: 'agentBytes' }),
            own('reconnects', 'last'),
            reading(disk, machines),
          ],
        },
      ],
    },
    {
      title: { zh: '传送', en: 'Delivery' },
      panels: [
        {
          kind: 'chart',
          title: { zh: '最大积压', en: 'Largest backlog' },
          shows: {
            zh: '各校代理中最多的待发样本',
            en: 'The most samples that any agent of a school holds back',
          },
          whenRed: 'backlog',
          width: 12,
          height: 8,
          readings: [ofSchools('outbox_samples', 'max')],
        },
        {
          kind: 'chart',
          title: { zh: '最旧的积压', en: 'Oldest sample held back' },
          shows: {
            zh: '各校代理中最旧的未确认样本的年龄',
            en: 'Age of the oldest sample that any agent of a school holds back',
          },
          whenRed: 'backlog',
          width: 12,
          height: 8,
          readings: [ofSchools('outbox_oldest_s', 'max', { limits: 'backlogAge' })],
        },
        {
          kind: 'chart',
          whenRed: 'agent',
          width: 12,
          height: 8,
          readings: [ofSchools('dropped_samples', 'max', { limits: 'anything' })],
        },
        {
          kind: 'chart',
          whenRed: 'host',
          width: 12,
          height: 8,
          readings: [ofSchools('failed_writes', 'max', { limits: 'anything' })],
        },
        {
          kind: 'chart',
          whenRed: 'broadband',
          width: 12,
          height: 8,
          readings: [ofSchools('reconnects', 'max')],
        },
        {
          kind: 'chart',
          whenRed: 'clock',
          width: 12,
          height: 8,
          readings: [
            { ...ofSchools('clock_offset_ms', 'last', { limits: 'clock' }), by: ['school', 'classroom'] },
          ],
        },
      ],
    },
    {
      title: { zh: '开销', en: 'Cost' },
      panels: [
        {
          kind: 'chart',
          title: { zh: '代理 CPU（最大）', en: 'Agent CPU (largest)' },
          whenRed: 'agent',
          width: 8,
          height: 8,
          readings: [ofSchools('cpu_ratio', 'max', { limits: 'agentCpu' })],
        },
        {
          kind: 'chart',
          title: { zh: '代理内存（最大）', en: 'Agent memory (largest)' },
          whenRed: 'agent',
          width: 8,
          height: 8,
          readings: [ofSchools('resident_bytes', 'max', { limits: 'agentMemory' })],
        },
        {
          kind: 'chart',
          title: { zh: '今日流量（最大）', en: 'Bytes on the wire (largest)' },
          whenRed: 'agent',
          width: 8,
          height: 8,
          readings: [ofSchools('wire_bytes', 'max', { limits: 'agentBytes' })],
        },
      ],
    },
  ],
};
