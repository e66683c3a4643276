import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { County, Visit, VisitKind } from '../api/answers.ts';
import { ApiError, post, put } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Dialog } from '../design/dialog.tsx';
import { inLanguage, words } from '../language/language.ts';

type VisitDialogProps = Readonly<{
  county: County;
  /** The last day that there may be: what is entered was held. */
  today: string;
  kinds: readonly VisitKind[];
  /** The one that is corrected; absent where another is entered. */
  visit?: Visit;
  done: () => void;
}>;

/** Enters a visit or an activity, or corrects one. */
export function VisitDialog({ county, today, kinds, visit, done }: VisitDialogProps): JSX.Element {
  const t = words.value.visits;
  const problem = useSignal('');
  const path = `counties/${county.id}/visits`;

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const entry = { school: text('school'), date: text('date'), kind: text('kind'), note: text('note') };
    try {
      await (visit === undefined ? post(path, entry) : put(`${path}/${visit.id}`, entry));
      done();
    } catch (error) {
      const isTwice = error instanceof ApiError && error.code === 'conflict';
      problem.value = isTwice ? t.twice : problemText(error);
    }
  };

  return (
    <Dialog title={visit === undefined ? t.add : t.edit} done={done}>
      <form class="form" onSubmit={submit}>
        <label>
          {t.school}
          <select name="school" required>
            {county.schools.map(({ id, name }) => (
              <option key={id} value={id} selected={id === visit?.school}>
                {inLanguage(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.kind}
          <select name="kind" required>
            {kinds.map((kind) => (
              <option key={kind} value={kind} selected={kind === visit?.kind}>
                {t.kinds[kind]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.date}
          <input type="date" name="date" max={today} defaultValue={visit?.date ?? today} required />
        </label>
        <label>
          {t.note}
          <textarea name="note" rows={3} maxLength={500} defaultValue={visit?.note ?? ''} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary">
          {t.save}
        </button>
      </form>
    </Dialog>
  );
}
