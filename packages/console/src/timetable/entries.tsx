import type { JSX } from 'preact';
import type { TimetableSize } from '../api/answers.ts';
import { locale, words } from '../language/language.ts';

type Size = Pick<TimetableSize, 'entries' | 'comingWeek'>;

/** How many entries each table has; beside what it had before, where that is another number. */
export function Entries({
  size,
  before = size,
}: Readonly<{ size: Size; before?: Size | undefined }>): JSX.Element {
  const t = words.value.timetable;
  const tables = ['terms', 'bells', 'days', 'lessons', 'changes'] as const;
  const change = (was: number, is: number): string =>
    [...(was === is ? [] : [was]), is].map((count) => count.toLocaleString(locale.value)).join(' → ');
  return (
    <dl class="timetable-entries">
      {tables.map((table) => (
        <div key={table}>
          <dt>{t.tables[table]}</dt>
          <dd>{change(before.entries[table], size.entries[table])}</dd>
        </div>
      ))}
      <div>
        <dt>{t.comingWeek}</dt>
        <dd>{change(before.comingWeek, size.comingWeek)}</dd>
      </div>
    </dl>
  );
}
