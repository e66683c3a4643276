import type { JSX } from 'preact';
import type { Report, Share } from '../api/report-answers.ts';
import { StateIcon } from '../design/state.tsx';
import { formatCount } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import { meets, percentText } from './share.ts';

/** The figures that are asked for first, each with what it was made of and whether it met the objective. */
export function FigureTiles({ report }: { report: Report }): JSX.Element {
  const t = words.value.reports;
  const { figures, objective } = report;
  const rates = ['schools', 'classes', 'platforms'] as const;
  const count = (value: number): string => formatCount(value, locale.value);
  return (
    <section aria-label={t.tiles}>
      <dl class="report-tiles">
        <Tile
          title={t.figures.availability}
          share={figures.availability}
          more={`${t.figuresMore.availability} · ${t.known(percentText(figures.coverage))}`}
          isMet={meets(figures.availability, objective)}
          objective={objective}
        />
        {rates.map((name) => {
          const { part, of } = figures[name];
          return (
            <Tile
              key={name}
              title={t.figures[name]}
              share={figures[name]}
              more={of === 0 ? t.figuresMore.unknown : t.figuresMore[name](count(part), count(of))}
            />
          );
        })}
      </dl>
    </section>
  );
}

type TileProps = Readonly<{
  title: string;
  share: Share;
  more: string;
  /** Absent where nothing is to be met. */
  isMet?: boolean | undefined;
  objective?: Share;
}>;

function Tile({ title, share, more, isMet, objective }: TileProps): JSX.Element {
  const t = words.value.reports;
  return (
    <div class="sheet">
      <dt>{title}</dt>
      <dd class="report-figure">{percentText(share)}</dd>
      {isMet !== undefined && objective !== undefined && (
        <dd class={`state is-${isMet ? 'good' : 'degraded'}`}>
          <StateIcon state={isMet ? 'good' : 'degraded'} />
          {(isMet ? t.met : t.notMet)(percentText(objective))}
        </dd>
      )}
      <dd class="hint">{more}</dd>
    </div>
  );
}
