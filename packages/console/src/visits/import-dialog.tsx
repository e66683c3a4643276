import type { JSX } from 'preact';
import type { VisitImport } from '../api/answers.ts';
import { Dialog } from '../design/dialog.tsx';
import { words } from '../language/language.ts';
import { ProblemTable } from '../timetable/problem-table.tsx';
import { FileField, useTableImport } from '../timetable/table-import.tsx';
import '../timetable/timetable.css';

type ImportDialogProps = Readonly<{
  /** Of the register, at the hub. */
  path: string;
  imported: (added: number) => void;
  done: () => void;
}>;

/** Enters what is new in files. */
export function ImportDialog({ path, imported, done }: ImportDialogProps): JSX.Element {
  const t = words.value.visits;
  const { files, answer, working, problem, choose, keep } = useTableImport<VisitImport>(`${path}/import`);
  const enter = async (): Promise<void> => {
    const kept = await keep();
    if (kept?.ok === true) imported(kept.added);
  };
  const found = answer.value;
  return (
    <Dialog title={t.importTitle} done={done}>
      <div class="form">
        <p class="hint">{t.importMore}</p>
        <FileField accept=".xlsx,.csv" choose={choose} working={working} problem={problem} />
        {found?.ok === false && (
          <ProblemTable problems={found.problems} severalFiles={files.value.length > 1} />
        )}
        {found?.ok === true && (
          <>
            <p role="status">{t.wouldAdd(found.added, found.rows)}</p>
            {found.added > 0 && (
              <button type="button" class="primary" disabled={working.value} onClick={enter}>
                {t.keep}
              </button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
