import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { TimetableImport, TimetableSize } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { words } from '../language/language.ts';
import { type ChosenFile, readFiles } from './chosen-files.ts';
import { Entries } from './entries.tsx';
import { ProblemTable } from './problem-table.tsx';

type ImportFormProps = Readonly<{
  county: string;
  /** What there is now. */
  present: TimetableSize | undefined;
  done: () => void;
}>;

/** Files are checked as soon as they are chosen; only then can they be imported. */
export function ImportForm({ county, present, done }: ImportFormProps): JSX.Element {
  const t = words.value.timetable;
  const files = useSignal<readonly ChosenFile[]>([]);
  const answer = useSignal<TimetableImport | undefined>(undefined);
  const working = useSignal(false);
  const problem = useSignal('');
  const isImported = useSignal(false);
  const field = useId();

  const send = async (check: boolean): Promise<TimetableImport> =>
    post<TimetableImport>(`counties/${county}/timetable/import`, { files: files.value, check });

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    working.value = true;
    problem.value = '';
    try {
      await work();
    } catch (error) {
      problem.value = problemText(error);
    }
    working.value = false;
  };

  const choose = (list: FileList | null): Promise<void> =>
    attempt(async () => {
      isImported.value = false;
      answer.value = undefined;
      files.value = await readFiles([...(list ?? [])]);
      if (files.value.length > 0) answer.value = await send(true);
    });

  const keep = (): Promise<void> =>
    attempt(async () => {
      const kept = await send(false);
      answer.value = kept;
      if (!kept.ok) return;
      isImported.value = true;
      files.value = [];
      done();
    });

  const found = answer.value;
  return (
    <section class="sheet panel timetable-import" aria-label={t.importTitle}>
      <h2>{t.importTitle}</h2>
      <p class="hint">{t.importMore}</p>
      <label class="timetable-drop" for={field}>
        <span>{t.choose}</span>
        <input
          id={field}
          type="file"
          multiple
          accept=".xlsx,.csv,.ics"
          onClick={(event) => {
            // The same file again, after it was mended, is a choice as well.
            event.currentTarget.value = '';
          }}
          onChange={(event) => choose(event.currentTarget.files)}
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      {working.value && <p role="status">{t.reading}</p>}
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
            <button type="button" class="primary" disabled={working.value} onClick={keep}>
              {t.keep}
            </button>
          )}
        </>
      )}
    </section>
  );
}
