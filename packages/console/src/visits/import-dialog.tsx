import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { VisitImport } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Dialog } from '../design/dialog.tsx';
import { words } from '../language/language.ts';
import { type ChosenFile, readFiles } from '../timetable/chosen-files.ts';
import { ProblemTable } from '../timetable/problem-table.tsx';
import '../timetable/timetable.css';

type ImportDialogProps = Readonly<{
  /** Of the register, at the hub. */
  path: string;
  imported: (added: number) => void;
  done: () => void;
}>;

/** Files are checked as soon as they are chosen; only then can what is new in them be entered. */
export function ImportDialog({ path, imported, done }: ImportDialogProps): JSX.Element {
  const t = words.value.visits;
  const files = useSignal<readonly ChosenFile[]>([]);
  const answer = useSignal<VisitImport | undefined>(undefined);
  const working = useSignal(false);
  const problem = useSignal('');
  const field = useId();

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
  const send = (check: boolean): Promise<VisitImport> =>
    post<VisitImport>(`${path}/import`, { files: files.value, check });
  const choose = (list: FileList | null): Promise<void> =>
    attempt(async () => {
      answer.value = undefined;
      files.value = await readFiles([...(list ?? [])]);
      if (files.value.length > 0) answer.value = await send(true);
    });
  const keep = (): Promise<void> =>
    attempt(async () => {
      const kept = await send(false);
      if (kept.ok) imported(kept.added);
      else answer.value = kept;
    });

  const found = answer.value;
  return (
    <Dialog title={t.importTitle} done={done}>
      <div class="form">
        <p class="hint">{t.importMore}</p>
        <label class="timetable-drop" for={field}>
          <span>{t.choose}</span>
          <input
            id={field}
            type="file"
            multiple
            accept=".xlsx,.csv"
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
            <p role="status">{t.wouldAdd(found.added, found.rows)}</p>
            {found.added > 0 && (
              <button type="button" class="primary" disabled={working.value} onClick={keep}>
                {t.keep}
              </button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
