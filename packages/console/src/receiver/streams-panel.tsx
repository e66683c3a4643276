import type { JSX } from 'preact';
import type { County, Sample } from '../api/answers.ts';
import type { Grid } from '../classroom/range.ts';
import { sameTags } from '../classroom/table.ts';
import type { Tables } from '../classroom/tables.ts';
import { targetName } from '../classroom/target.ts';
import { StateMark } from '../design/state.tsx';
import { formatDuration } from '../format/time.ts';
import { formatCount, formatValue } from '../format/value.ts';
import { locale, words } from '../language/language.ts';

type StreamsPanelProps = Readonly<{
  streams: readonly Sample[];
  tables: Tables;
  grid: Grid;
  county: County;
}>;

/** The lessons' streams that this machine measures: now, and what went wrong in the range. */
export function StreamsPanel({ streams, tables, grid, county }: StreamsPanelProps): JSX.Element {
  const t = words.value.streams;
  return (
    <section class="sheet panel streams" aria-label={t.title}>
      <header>
        <h2>{t.title}</h2>
        <span class="hint">{t.range(formatDuration(grid.every * grid.count, locale.value))}</span>
      </header>
      <ul>
        {streams.map((stream) => (
          <StreamRow key={JSON.stringify(stream.tags)} stream={stream} tables={tables} county={county} />
        ))}
      </ul>
    </section>
  );
}

type StreamRowProps = Readonly<{ stream: Sample; tables: Tables; county: County }>;

function StreamRow({ stream: { tags, fields }, tables, county }: StreamRowProps): JSX.Element {
  const t = words.value.streams;
  const sum = (field: string): number | undefined => {
    const state = tables.table({ measurement: 'mpegts', field, agg: 'sum', link: tags.link }).value;
    if (state.state !== 'ready') return undefined;
    const values = state.table.lines.find((line) => sameTags(line.tags, tags))?.values ?? [];
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? undefined : known.reduce((all, value) => all + value, 0);
  };
  const { stream_bit_s: rate, stream_score: score, score_from: from } = fields;
  const errors = sum('continuity_errors');
  const absent = sum('absent_s');
  const origins: Readonly<Record<string, string>> = t.scoreFrom;
  return (
    <li class="stream">
      <p class="stream-name">
        <strong>{tags.target === undefined ? t.title : targetName(tags.target, county)}</strong>
        <StateMark
          state={fields.ok === true ? (score === undefined || score === 100 ? 'good' : 'degraded') : 'down'}
        />
      </p>
      <dl class="stream-figures">
        <Figure
          name={t.rate}
          text={typeof rate === 'number' ? formatValue(rate, 'bit/s', false, locale.value) : undefined}
        />
        <Figure
          name={t.errors}
          text={errors === undefined ? undefined : formatCount(errors, locale.value)}
          bad={(errors ?? 0) > 0}
        />
        <Figure
          name={t.absent}
          text={absent === undefined ? undefined : formatDuration(absent, locale.value)}
          bad={(absent ?? 0) >= 1}
        />
        <Figure
          name={t.score}
          text={typeof score === 'number' ? formatCount(score, locale.value) : undefined}
          more={typeof from === 'string' ? origins[from] : undefined}
          bad={typeof score === 'number' && score < 100}
        />
      </dl>
    </li>
  );
}

type FigureProps = Readonly<{
  name: string;
  text: string | undefined;
  more?: string | undefined;
  bad?: boolean;
}>;

function Figure({ name, text, more, bad = false }: FigureProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={bad ? 'problem' : ''}>{text ?? '–'}</dd>
      {more !== undefined && <dd class="hint">{more}</dd>}
    </div>
  );
}
