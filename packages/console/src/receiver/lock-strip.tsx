import type { JSX } from 'preact';
import { endOf, type Grid } from '../classroom/range.ts';
import { hubNow } from '../format/clock.ts';
import { formatDuration, formatSince } from '../format/time.ts';
import { locale, words } from '../language/language.ts';
import { type Lock, type Span, spansOf } from './lock-history.ts';

type LockStripProps = Readonly<{ strip: readonly (Lock | undefined)[]; grid: Grid; timeZone: string }>;

const height = 16;
/** Receivers are read twice a minute or more rarely; up to five minutes between two readings are no gap. */
const pauseS = 300;

/** Lock over the range: a thin line while there is, a tall bar where there was none, a hollow one without an answer. */
export function LockStrip({ strip, grid, timeZone }: LockStripProps): JSX.Element {
  const t = words.value.receiver;
  const spans = spansOf(strip, Math.ceil(pauseS / grid.every));
  const clock = (seconds: number): string => formatSince(seconds, hubNow.value, timeZone, locale.value);
  const label = told(spans, grid);
  return (
    <div class="lock-strip">
      <h3>{t.history}</h3>
      <svg viewBox={`0 0 ${grid.count} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="lock-none" width={grid.count} height={height} />
        {spans.map(({ lock, from, to }) => (
          <rect
            key={from}
            class={`lock-${lock}`}
            x={from}
            y={shapes[lock].y}
            width={Math.max(to - from + 1, grid.count / 250)}
            height={shapes[lock].height}
          />
        ))}
      </svg>
      <p class="lock-times">
        <span>{clock(grid.from)}</span>
        <span>{label}</span>
        <span>{clock(Math.min(endOf(grid), Math.max(hubNow.value, grid.from)))}</span>
      </p>
    </div>
  );
}

const shapes: Readonly<Record<Lock, Readonly<{ y: number; height: number }>>> = {
  locked: { y: 5, height: 6 },
  unlocked: { y: 0, height },
  unanswered: { y: 3, height: 10 },
};

/** How often and how long there was none. */
function told(spans: readonly Span[], grid: Grid): string {
  const t = words.value.receiver;
  if (spans.length === 0) return words.value.classroom.noData;
  const parts = (['unlocked', 'unanswered'] as const).flatMap((lock) => {
    const found = spans.filter((span) => span.lock === lock);
    const seconds = found.reduce((sum, { from, to }) => sum + (to - from + 1) * grid.every, 0);
    return found.length === 0 ? [] : [t.losses[lock](found.length, formatDuration(seconds, locale.value))];
  });
  return parts.length === 0 ? t.noLosses : parts.join(words.value.listComma);
}
