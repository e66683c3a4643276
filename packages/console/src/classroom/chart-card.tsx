import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Catalogue, County, FieldDefinition } from '../api/answers.ts';
import { problemText } from '../api/problem.ts';
import { formatDuration } from '../format/time.ts';
import { formatRating, formatValue, isShare } from '../format/value.ts';
import { inLanguage, language, locale, words } from '../language/language.ts';
import { theme } from '../session/theme.ts';
import { Chart, type Plotted } from './chart.tsx';
import type { ChartLine, Chart as ChartPlan } from './plan.ts';
import type { Grid } from './range.ts';
import { sameTags } from './table.ts';
import type { TableState, Tables } from './tables.ts';
import { targetName } from './target.ts';

export type ChartSetting = Readonly<{
  tables: Tables;
  grid: Grid;
  catalogue: Catalogue;
  county: County;
  select: (from: number, to: number) => void;
}>;

/** A chart with its title; fetches its figures when it first comes into view. */
export function ChartCard({ plan, ...setting }: ChartSetting & { plan: ChartPlan }): JSX.Element {
  const { catalogue } = setting;
  const place = useRef<HTMLElement>(null);
  const seen = useSignal(false);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) seen.value = true;
      },
      { rootMargin: '200px' },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [seen]);

  const first = plan.lines[0];
  const field = catalogue[plan.measurement]?.fields[first?.field ?? ''];
  return (
    <figure class="chart sheet" ref={place}>
      <figcaption title={field && inLanguage(field.description)}>
        <strong>{titleOf(plan, field)}</strong>
        <span>{subtitleOf(plan, setting)}</span>
      </figcaption>
      {seen.value ? <Figures plan={plan} field={field} {...setting} /> : <div class="plot-room" />}
    </figure>
  );
}

type FiguresProps = ChartSetting & Readonly<{ plan: ChartPlan; field: FieldDefinition | undefined }>;

function Figures({ plan, field, tables, catalogue, grid, county, select }: FiguresProps): JSX.Element {
  const t = words.value;
  const states = plan.lines.map(({ field: name, agg, tags }) =>
    tables.table({ measurement: plan.measurement, field: name, agg, link: tags.link }),
  );
  const plotted = useComputed(() =>
    plan.lines.map((line, index) => plot(line, states[index]?.value, labelOf(plan, line, catalogue, county))),
  );
  const failed = states.map(({ value }) => value).find((state) => state.state === 'failed');
  if (failed !== undefined) return <p class="plot-room problem">{problemText(failed.error)}</p>;
  if (states.some(({ value }) => value.state === 'loading')) return <p class="plot-room">{t.loading}</p>;
  const shown = plotted.value.filter(({ values }) => values.some((value) => value !== null));
  if (shown.length === 0) return <p class="plot-room">{t.classroom.noData}</p>;

  const first = plan.lines[0];
  const share = field?.type === 'boolean' || isShare(first?.field ?? '', plan.unit);
  const write = (value: number): string => formatValue(value, plan.unit, share, locale.value);
  return (
    <Chart
      grid={grid}
      lines={shown}
      bars={isLossOf(first?.field ?? '')}
      write={write}
      tell={first?.field === 'r_factor' ? (value) => formatRating(value, locale.value) : write}
      leastTop={leastTop(plan, share)}
      timeZone={county.timezone}
      locale={locale.value}
      timeLabel={t.classroom.time}
      theme={`${theme.value}${matchMedia('(prefers-color-scheme: dark)').matches}`}
      select={select}
    />
  );
}

function plot(line: ChartLine, state: TableState | undefined, label: string): Plotted {
  if (state?.state !== 'ready') return { label, values: [] };
  return { label, values: state.table.lines.find(({ tags }) => sameTags(tags, line.tags))?.values ?? [] };
}

/** A scale that does not magnify noise: shares of load to the whole, loss to 5 %, R to 100, the rest as it comes. */
function leastTop({ lines, unit }: ChartPlan, share: boolean): number {
  if (share) return lines.some(({ field }) => field === 'loss_ratio') ? 0.05 : 1;
  if (lines.some(({ field }) => field === 'r_factor')) return 100;
  return unit === 'ms' ? 5 : unit === 'packets' ? 4 : 1;
}

function titleOf(plan: ChartPlan, field: FieldDefinition | undefined): string {
  if (plan.title !== undefined) return words.value.titles[plan.title];
  return field === undefined ? plan.measurement : inLanguage(field.title);
}

/** To where, where that is one place; which probe says so, where others say the same; for sums, over how long. */
function subtitleOf(plan: ChartPlan, { grid, county, catalogue }: ChartSetting): string {
  const t = words.value.classroom;
  const { lines, title, unit, measurement } = plan;
  const definition = catalogue[measurement];
  const ends = [...new Set(lines.map(({ tags }) => tags.target ?? tags.interface))];
  const sum = lines.some(({ agg }) => agg === 'sum') && unit === 'packets';
  return [
    title === undefined && definition !== undefined ? inLanguage(definition.title) : '',
    ends.length === 1 && ends[0] !== undefined ? targetName(ends[0], county) : '',
    sum ? t.per(t.packets, formatDuration(grid.every, locale.value)) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Fields that count what should not be: events, not curves. */
const isLossOf = (field: string): boolean => /^(loss|reordered|duplicates)|(errors|dropped)$/.test(field);

function labelOf(plan: ChartPlan, line: ChartLine, catalogue: Catalogue, county: County): string {
  const field = catalogue[plan.measurement]?.fields[line.field];
  const end = line.tags.target ?? line.tags.interface;
  const severalFields = new Set(plan.lines.map((other) => other.field)).size > 1;
  if (!severalFields && end !== undefined) return targetName(end, county);
  return field === undefined ? line.field : field.title[language.value];
}
