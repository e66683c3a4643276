import type { JSX } from 'preact';
import type { TimetableSize } from '../api/answers.ts';
import { locale, words } from '../language/language.ts';

/** How many entries each table has. */
export function Entries({ size }: { size: Pick<TimetableSize, 'entries' | 'comingWeek'> }): JSX.Element {
  const t = words.value.timetable;
  const tables = ['terms', 'bells', 'days', 'lessons', 'changes'] as const;
  return (
    <dl class="timetable-entries">
      {tables.map((table) => (
        <div key={table}>
          <dt>{t.tables[table]}</dt>
          <dd>{size.entries[table].toLocaleString(locale.value)}</dd>
        </div>
      ))}
      <div>
        <dt>{t.comingWeek}</dt>
        <dd>{size.comingWeek.toLocaleString(locale.value)}</dd>
      </div>
    </dl>
  );
}
