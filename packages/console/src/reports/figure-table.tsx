import type { JSX } from 'preact';
import type { Figure } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';

/** All figures of the first page, as they are printed, each ratio with its two whole numbers. */
export function FigureTable({ figures }: { figures: readonly Figure[] }): JSX.Element {
  const t = words.value.reports;
  return (
    <dl class="report-figures" aria-label={t.all}>
      {figures.map(({ title, value, share, unit }) => (
        <div key={title.en}>
          <dt>{inLanguage(title)}</dt>
          <dd>
            {value === undefined ? '–' : `${value} ${inLanguage(unit)}`}
            {value !== undefined && share !== undefined && (
              <span class="hint">
                {' '}
                {share.part}/{share.of}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
