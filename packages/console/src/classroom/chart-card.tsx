import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
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
  const table = (name: string, { agg, tags }: ChartLine): ReadonlySignal<TableState> =>
    tables.table({ measurement: plan.measurement, field: name, agg, link: tags.link });
  const states = plan.lines.map((line) => table(line.field, line));
  const takenOff = plan.lines.map((line) => (line.less === undefined ? undefined : table(line.less, line)));
  const plotted = useComputed(() =>
    plan.lines.map((line, index) => ({
      label: labelOf(plan, line, catalogue, county),
      values: less(valuesOf(line, states[index]?.value), line, takenOff[index]?.value),
    })),
  );
  const needed = [...states, ...takenOff.filter((state) => state !== undefined)].map(({ value }) => value);
  const failed = needed.find((state) => state.state === 'failed');
  if (failed !== undefined) return <p class="plot-room problem">{problemText(failed.error)}</p>;
  if (needed.some(({ state }) => state === 'loading')) return <p class="plot-room">{t.loading}</p>;
  const shown = plotted.value.filter(({ values }) => values.some((value) => value !== null));
  if (shown.length === 0) return <p class="plot-room">{t.classroom.noData}</p>;

  const first = plan.lines[0];
  const share = field?.type === 'boolean' || isShare(first?.field ?? '', plan.unit);
  const write = (value: number): string => formatValue(value, plan.unit, share, locale.value);
  return (
    <Chart
      grid={grid}
      lines={shown}
      bars={isOfEvents(first?.field ?? '', field)}
      limits={(field?.limits ?? []).map(({ below, title }) => ({ value: below, label: inLanguage(title) }))}
      write={write}
      tell={first?.field === 'r_factor' ? (value) => formatRating(value, locale.value) : write}
      leastTop={leastTop(plan, share, field)}
      timeZone={county.timezone}
      locale={locale.value}
      timeLabel={t.classroom.time}
      theme={`${theme.value}${matchMedia('(prefers-color-scheme: dark)').matches}`}
      select={select}
    />
  );
}

function valuesOf({ tags }: ChartLine, state: TableState | undefined): Plotted['values'] {
  if (state?.state !== 'ready') return [];
  return state.table.lines.find((line) => sameTags(line.tags, tags))?.values ?? [];
}

/** Only where both are known. */
function less(values: Plotted['values'], line: ChartLine, state: TableState | undefined): Plotted['values'] {
  if (state === undefined) return values;
  const off = valuesOf(line, state);
  return values.map((value, index) => {
    const part = off[index] ?? null;
    return value === null || part === null ? null : value - part;
  });
}

/** A scale that does not magnify noise: shares of load to the whole, loss to 5 %, R and scores to 100, the rest as it comes. */
function leastTop({ lines, unit }: ChartPlan, share: boolean, field: FieldDefinition | undefined): number {
  if (share) return lines.some(({ field: name }) => name === 'loss_ratio') ? 0.05 : 1;
  if (lines.some(({ field: name }) => name === 'r_factor' || name === 'stream_score')) return 100;
  if (unit === 'ms') return 5;
  return unit === 'dB' ? 6 : field?.addsUp ? 4 : 1;
}

function titleOf(plan: ChartPlan, field: FieldDefinition | undefined): string {
  if (plan.title !== undefined) return words.value.titles[plan.title];
  return field === undefined ? plan.measurement : inLanguage(field.title);
}

/** To where, where that is one place; which probe says so, where others say the same; for sums, over how long. */
function subtitleOf(plan: ChartPlan, { grid, county, catalogue }: ChartSetting): string {
  const t = words.value.classroom;
  const { lines, title, measurement } = plan;
  const definition = catalogue[measurement];
  const ends = [...new Set(lines.map(({ tags }) => tags.target ?? tags.interface))];
  const sum = lines.some(({ agg }) => agg === 'sum');
  return [
    title === undefined && definition !== undefined ? inLanguage(definition.title) : '',
    ends.length === 1 && ends[0] !== undefined ? targetName(ends[0], county) : '',
    sum ? t.per(countedIn(plan.unit), formatDuration(grid.every, locale.value)) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function countedIn(unit: string): string {
  const t = words.value.classroom;
  if (unit === 'packets') return t.packets;
  return unit === '1' ? t.times : unit;
}

/** What happens now and then is bars, not a curve. */
function isOfEvents(name: string, field: FieldDefinition | undefined): boolean {
  return field?.addsUp === true || name === 'loss_ratio';
}

function labelOf(plan: ChartPlan, line: ChartLine, catalogue: Catalogue, county: County): string {
  if (line.name !== undefined) return words.value.lineNames[line.name];
  const field = catalogue[plan.measurement]?.fields[line.field];
  const end = line.tags.target ?? line.tags.interface;
  const severalFields = new Set(plan.lines.map((other) => `${other.field} ${other.less ?? ''}`)).size > 1;
  if (!severalFields && end !== undefined) return targetName(end, county);
  return field === undefined ? line.field : field.title[language.value];
}
