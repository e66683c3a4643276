import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatClock, formatDay, formatMoment } from '../format/time.ts';
import { endOf, type Grid, timesOf } from './range.ts';
import { bridge, nearestKnown, presentOf, silences } from './table.ts';

export type Plotted = Readonly<{ label: string; values: readonly (number | null)[] }>;
type ChartProps = Readonly<{
  grid: Grid;
  lines: readonly Plotted[];
  /** How values are written on the axis. */
  write: (value: number) => string;
  /** How they are written in the legend, where there is more room. */
  tell: (value: number) => string;
  /** Losses are events, not a curve. */
  bars: boolean;
  /** Marks on the scale, the strictest first. */
  limits: readonly Readonly<{ value: number; label: string }>[];
  /** The highest value that the scale shows at least. */
  leastTop: number;
  timeZone: string;
  locale: string;
  timeLabel: string;
  /** A new drawing when it changes: colours are taken from the style sheet. */
  theme: string;
  /** A person dragged over this span. */
  select: (from: number, to: number) => void;
}>;

const height = 168;
/** Dashes tell lines apart where colours do not. */
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3], [12, 4], [4, 2]];

/** Lines over time with a cursor that all charts of the page share. */
export function Chart(props: ChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(null);
  const latest = useRef(props);
  latest.current = props;
  const shape = JSON.stringify([
    props.lines.map(({ label }) => label),
    props.timeZone,
    props.locale,
    props.theme,
  ]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const plot = new uPlot(optionsOf(latest, element), dataOf(latest.current), element);
    drawn.current = plot;
    const sizes = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [shape]);
  useEffect(() => {
    drawn.current?.setData(dataOf(props));
  }, [props.lines, props.grid]);

  return <div class="plot" ref={place} />;
}

function dataOf({ grid, lines }: ChartProps): uPlot.AlignedData {
  return [timesOf(grid), ...lines.map(({ values }) => bridge(values))];
}

function optionsOf(latest: { readonly current: ChartProps }, element: HTMLElement): uPlot.Options {
  const { lines, write, tell, timeLabel, timeZone, locale, leastTop, bars } = latest.current;
  const colour = (name: string): string => colourOf(element, name);
  const grid = { stroke: colour('--rule'), width: 1 };
  const axis = {
    stroke: colour('--ink-soft'),
    font: `12px ${getComputedStyle(element).fontFamily}`,
    grid,
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    cursor: {
      sync: { key: 'classroom' },
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      dataIdx: (plot, line, place) =>
        line === 0 ? place : (nearestKnown(plot.data[line] ?? [], place, 6) ?? place),
    },
    scales: {
      x: { time: true, range: () => [latest.current.grid.from, endOf(latest.current.grid)] },
      y: { range: (_plot, low, high) => yRange(low, high, leastTop) },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 44,
        values: (_plot, splits, _axis, _space, step) => timeLabels(splits, step, timeZone, locale),
      },
      { ...axis, size: 68, gap: 6, values: (_plot, splits) => splits.map(write) },
    ],
    legend: {
      markers: { width: 2, dash: (_plot, line) => (bars ? 'solid' : dashWord(line - 1)) },
    },
    series: [
      {
        label: timeLabel,
        value: (_plot, time) => (time == null ? '' : formatMoment(time, timeZone, locale)),
      },
      ...lines.map(({ label }, index) => ({
        label,
        stroke: colour(`--line-${(index % 6) + 1}`),
        width: 1.5,
        ...(bars
          ? {
              paths: barPaths(index, lines.length),
              fill: colour(`--line-${(index % 6) + 1}`),
              points: { show: false },
            }
          : { dash: dashes[index % dashes.length] ?? [], points: { size: 4 } }),
        value: (plot: uPlot, value: number | null, line: number, place: number | null): string => {
          const shown =
            place === null ? presentOf(plot.data[line] ?? [], usualDelay(latest.current.grid)) : value;
          return shown == null ? '–' : tell(shown);
        },
      })),
    ],
    hooks: {
      drawClear: [(plot) => shadeSilences(plot, latest.current, colour('--silence'))],
      draw: [
        (plot) => {
          const colours = {
            last: colour('--down'),
            others: colour('--degraded'),
            paper: colour('--sheet'),
          };
          drawLimits(plot, latest.current, colours, axis.font);
        },
      ],
      setSelect: [
        (plot) => {
          if (plot.select.width < 8) return;
          const at = (left: number): number => plot.posToVal(left, 'x');
          latest.current.select(at(plot.select.left), at(plot.select.left + plot.select.width));
        },
      ],
    },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
  };
}

/** The nearest that a border can do. */
function dashWord(line: number): string {
  const [dash = 0] = dashes[line % dashes.length] ?? [];
  return dash === 0 ? 'solid' : dash <= 2 ? 'dotted' : 'dashed';
}

/** What was measured in the last minutes may still be on its way: samples are sent once a minute. In buckets. */
function usualDelay({ every }: Grid): number {
  return Math.max(2, Math.ceil(200 / every));
}

/** Where nothing was measured the paper is grey: neither good nor bad. */
function shadeSilences(plot: uPlot, { grid, lines }: ChartProps, colour: string): void {
  const { ctx, bbox } = plot;
  const bridged = lines.map(({ values }) => bridge(values));
  ctx.fillStyle = colour;
  for (const [from, to] of silences(bridged, grid.count, usualDelay(grid))) {
    const left = plot.valToPos(grid.from + from * grid.every, 'x', true);
    const right = plot.valToPos(grid.from + (to + 1) * grid.every, 'x', true);
    ctx.fillRect(left, bbox.top, Math.min(right, bbox.left + bbox.width) - left, bbox.height);
  }
}

/** A dashed line for each limit with its meaning on it; the last is the worst. */
function drawLimits(
  plot: uPlot,
  { limits }: ChartProps,
  colours: Readonly<{ last: string; others: string; paper: string }>,
  font: string,
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = font.replace(/^(\d+)px/, (_, size) => `${Number(size) * scale}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const [index, { value, label }] of limits.entries()) {
    const y = plot.valToPos(value, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    const colour = index === limits.length - 1 ? colours.last : colours.others;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = scale;
    ctx.setLineDash([6 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    const [x, base] = [bbox.left + bbox.width - 4 * scale, y - scale];
    // The curve must not strike the words out.
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * scale;
    ctx.strokeStyle = colours.paper;
    ctx.strokeText(label, x, base);
    ctx.fillText(label, x, base);
  }
  ctx.restore();
}

/** Bars of two lines stand side by side. */
function barPaths(index: number, count: number): uPlot.Series.PathBuilder {
  const align = count === 1 ? 0 : index % 2 === 0 ? -1 : 1;
  return uPlot.paths.bars?.({ size: [count === 1 ? 0.8 : 0.4, 12, 1.5], align }) ?? (() => null);
}

/** From zero for what cannot be negative; no values, no scale to speak of. */
function yRange(low: number | null, high: number | null, leastTop: number): [number, number] {
  if (low === null || high === null) return [0, leastTop];
  if (low >= 0) return [0, Math.max(high * 1.08, leastTop)];
  const margin = Math.max((high - low) * 0.1, leastTop / 10);
  return [low - margin, high + margin];
}

/** Times of day; the date where a new day begins, and at the first so that every axis has one. */
function timeLabels(splits: readonly number[], step: number, timeZone: string, locale: string): string[] {
  let day = '';
  return splits.map((time) => {
    const before = day;
    day = formatDay(time, timeZone, locale);
    if (step >= 86_400) return day;
    const clock = formatClock(time, timeZone, locale, step < 60);
    return day === before ? clock : `${clock}\n${day}`;
  });
}

function colourOf(element: HTMLElement, name: string): string {
  const before = element.style.color;
  element.style.color = `var(${name})`;
  const colour = getComputedStyle(element).color;
  element.style.color = before;
  return colour;
}
