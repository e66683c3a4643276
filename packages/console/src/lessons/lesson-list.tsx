import type { JSX } from 'preact';
import { hubNow } from '../format/clock.ts';
import { formatClock } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { comingFirst, isRunning } from './board.ts';
import { LessonCell } from './lesson-cell.tsx';
import type { BoardProps } from './lesson-grid.tsx';

/** On a phone: one period below the other, that which is on and the next first. */
export function LessonList({ county, board, open }: BoardProps): JSX.Element {
  const t = words.value.lessons;
  const now = hubNow.value;
  const clock = (seconds: number): string => formatClock(seconds, county.timezone, locale.value, false);
  return (
    <div class="lesson-list">
      {comingFirst(board.columns, now).map(({ n, start, end }) => (
        <section key={n} class={isRunning({ start, end }, now) ? 'is-running' : ''}>
          <h2>
            {t.period(n)}{' '}
            <span class="hint">
              {clock(start)}–{clock(end)}
            </span>
            {isRunning({ start, end }, now) && <span class="lesson-now">{t.isRunning}</span>}
            {end <= now && <span class="hint">{t.isOver}</span>}
          </h2>
          {board.schools.map(({ school, rows }) => {
            const lessons = rows.flatMap(({ of, cells }) =>
              (cells.get(n) ?? []).map((lesson) => ({ of, lesson })),
            );
            if (lessons.length === 0) return null;
            return (
              <div key={school.id} class="sheet">
                <h3>{inLanguage(school.name)}</h3>
                <ul>
                  {lessons.map(({ of, lesson }) => (
                    <li key={`${of.id}/${lesson.origin}/${lesson.cancelled}`}>
                      <LessonCell
                        lesson={lesson}
                        of={inLanguage(of.name)}
                        clock={lesson.start === start ? undefined : clock(lesson.start)}
                        open={open}
                      />
                    </li>
                  ))}
                </ul>
              </div>
            );
          })}
        </section>
      ))}
    </div>
  );
}
