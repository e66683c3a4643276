import { describe, expect, it } from 'vitest';
import type { Catalogue, FieldDefinition, Sample } from '../api/answers.ts';
import { mergeLatest, planCharts } from './plan.ts';

const field = (unit: string, type: FieldDefinition['type'] = 'float'): FieldDefinition => ({
  type,
  unit,
  title: { zh: '', en: '' },
  description: { zh: '', en: '' },
});
const text = { title: { zh: '', en: '' }, description: { zh: '', en: '' }, tags: [] };
const catalogue: Catalogue = {
  stamp: { ...text, fields: { rtt_ms: field('ms'), rtt_max_ms: field('ms'), error: field('', 'string') } },
  http: { ...text, fields: { first_byte_ms: field('ms'), status: field('') } },
  agent: { ...text, fields: { cpu_ratio: field('1') } },
  mpegts: {
    ...text,
    fields: {
      pat_errors: { ...field('1', 'integer'), addsUp: true },
      pids: field('1', 'integer'),
      null_ratio: field('1'),
    },
  },
  signal: { ...text, fields: { locked: field('', 'boolean'), cn_db: field('dB'), margin_db: field('dB') } },
};
const sample = (measurement: string, tags: Record<string, string>, time = 1): Sample => ({
  measurement,
  tags,
  time,
  fields: { ok: false },
});

describe('the plan of charts', () => {
  const groups = planCharts(
    [
      sample('agent', {}),
      sample('http', { link: 'platform', target: 'a' }),
      sample('http', { link: 'platform', target: 'b' }),
      sample('stamp', { link: 'broadband', target: 'hub' }),
    ],
    catalogue,
  );

  it('goes by link, the one towards the hub first and the agent itself last', () => {
    expect(groups.map(({ id }) => id)).toEqual(['broadband', 'platform', 'agent']);
  });

  it('has the telling charts even of a probe whose newest run failed and measured nothing', () => {
    expect(groups[0]?.charts.map(({ title }) => title)).toContain('stamp/delay');
  });

  it('draws several targets of one field into one chart', () => {
    expect(groups[1]?.charts[0]?.lines.map(({ tags }) => tags.target)).toEqual(['a', 'b']);
  });

  it('keeps every further field, but no text, for whoever asks', () => {
    expect(groups[1]?.more.map(({ lines }) => lines[0]?.field)).toEqual(['status']);
    expect(groups[0]?.more).toEqual([]);
    expect(groups[2]?.more).toHaveLength(1);
  });

  it('adds up what the catalogue says adds up, whatever its unit, and of a state shows the last', () => {
    const [stream] = planCharts([sample('mpegts', { link: 'stream', target: 'tv' })], catalogue);
    const aggregations = stream?.more.map(({ lines }) => [lines[0]?.field, lines[0]?.agg]);
    expect(aggregations).toEqual([
      ['pat_errors', 'sum'],
      ['pids', 'last'],
      ['null_ratio', 'mean'],
    ]);
  });

  it('draws the threshold of a signal as what C/N is without its margin, a chart for each dish', () => {
    const dishes = ['roof', 'hall'].map((target) => sample('signal', { link: 'satellite', target }));
    const [satellite] = planCharts(dishes, catalogue);
    const drawn = satellite?.charts.filter(({ title }) => title === 'signal/cn').map(({ lines }) => lines);
    expect(drawn).toMatchObject([
      [
        { field: 'cn_db' },
        { field: 'cn_db', less: 'margin_db', name: 'threshold', tags: { target: 'roof' } },
      ],
      [
        { field: 'cn_db' },
        { field: 'cn_db', less: 'margin_db', name: 'threshold', tags: { target: 'hall' } },
      ],
    ]);
  });

  it('has no two charts of one id', () => {
    const ids = groups.flatMap(({ charts, more }) => [...charts, ...more].map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the newest samples', () => {
  it('give way to newer ones of their series only', () => {
    const known = [sample('stamp', { target: 'a' }, 5), sample('stamp', { target: 'b' }, 5)];
    const merged = mergeLatest(known, [
      sample('stamp', { target: 'a' }, 6),
      sample('stamp', { target: 'b' }, 4),
      sample('dns', {}, 1),
    ]);
    expect(merged.map(({ time }) => time)).toEqual([6, 5, 1]);
  });
});
