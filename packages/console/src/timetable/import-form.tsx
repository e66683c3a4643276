import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { TimetableImport, TimetableSize } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { Entries } from './entries.tsx';
import { ProblemTable } from './problem-table.tsx';
import { FileField, useTableImport } from './table-import.tsx';

type ImportFormProps = Readonly<{
  county: string;
  /** What there is now. */
  present: TimetableSize | undefined;
  done: () => void;
}>;

/** Puts tables of files in the place of those that there are. */
export function ImportForm({ county, present, done }: ImportFormProps): JSX.Element {
  const t = words.value.timetable;
  const { files, answer, working, problem, choose, keep } = useTableImport<TimetableImport>(
    `counties/${county}/timetable/import`,
  );
  const isImported = useSignal(false);
  const replace = async (): Promise<void> => {
    const kept = await keep();
    if (kept?.ok !== true) return;
    isImported.value = true;
    files.value = [];
    done();
  };

  const found = answer.value;
  return (
    <section class="sheet panel timetable-import" aria-label={t.importTitle}>
      <h2>{t.importTitle}</h2>
      <p class="hint">{t.importMore}</p>
      <FileField
        accept=".xlsx,.csv,.ics"
        choose={(list) => {
          isImported.value = false;
          void choose(list);
        }}
        working={working}
        problem={problem}
      />
      {found?.ok === false && (
        <ProblemTable problems={found.problems} severalFiles={files.value.length > 1} />
      )}
      {found?.ok === true && (
        <>
          <p role="status">{isImported.value ? t.importedNow : found.changed ? t.willChange : t.same}</p>
          <p>{t.replaced(found.tables.map((table) => t.tables[table]).join(words.value.listComma))}</p>
          <Entries size={found} before={isImported.value ? undefined : present} />
          {!isImported.value && found.entries.lessons === 0 && (present?.entries.lessons ?? 0) > 0 && (
            <p class="problem">{t.allLessonsGone}</p>
          )}
          {found.changed && !isImported.value && (
            <button type="button" class="primary" disabled={working.value} onClick={replace}>
              {t.keep}
            </button>
          )}
        </>
      )}
    </section>
  );
}
