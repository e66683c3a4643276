import type { JSX } from 'preact';
import type { LinkKind, LinkPresent, LinkSpark } from '../api/answers.ts';
import { StateMark } from '../design/state.tsx';
import { formatDelay, formatValue } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import { drawSpark, sparkFigures } from './spark.ts';

type LinkCellProps = Readonly<{
  link: LinkKind;
  present?: LinkPresent | undefined;
  spark?: LinkSpark | undefined;
}>;

/** What comes down by satellite has no round trip. */
export function hasDelay(link: LinkKind): boolean {
  return link !== 'satellite' && link !== 'stream';
}

/** One link of one agent: its state in shape and word, its last hour, and its newest round-trip time. */
export function LinkCell({ link, present, spark }: LinkCellProps): JSX.Element {
  const t = words.value;
  const figures = sparkFigures(spark?.rtt_ms ?? [], spark?.loss_ratio ?? []);
  const now = present?.state === 'down' || present?.state === 'unknown' ? undefined : figures?.now;
  return (
    <div class="link-cell">
      <span class="link-name">{t.links[link]}</span>
      {present?.measuredAt === undefined ? (
        <span class="link-absent" title={t.classroom.noEvidence}>
          –
        </span>
      ) : (
        <>
          <StateMark state={present.state} />
          {hasDelay(link) && <Sparkline spark={spark} />}
          {hasDelay(link) && (
            <span class="link-figure">{now === undefined ? '–' : formatDelay(now, locale.value)}</span>
          )}
        </>
      )}
    </div>
  );
}

const height = 24;

/** Round-trip times and losses of the last hour. */
export function Sparkline({ spark }: { spark: LinkSpark | undefined }): JSX.Element {
  const t = words.value.overview;
  const rtt = spark?.rtt_ms ?? [];
  const loss = spark?.loss_ratio ?? [];
  const count = Math.max(rtt.length, loss.length, 1);
  const figures = sparkFigures(rtt, loss);
  const show = (value: number, unit: string, share: boolean): string =>
    Number.isNaN(value) ? '–' : formatValue(value, unit, share, locale.value);
  const label =
    figures === undefined
      ? t.sparkEmpty
      : t.sparkLabel(
          show(figures.median, 'ms', false),
          show(figures.max, 'ms', false),
          show(figures.loss, '1', true),
        );
  const drawing = drawSpark(rtt.length > 0 ? rtt : new Array<null>(count).fill(null), loss, height);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${count} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path class="spark-silence" d={drawing.silence} />
      {drawing.loss.map((bar) => (
        <rect
          key={bar.x}
          class="spark-loss"
          x={bar.x}
          y={height - bar.height}
          width="1"
          height={bar.height}
        />
      ))}
      <path class="spark-line" d={drawing.line} />
    </svg>
  );
}
