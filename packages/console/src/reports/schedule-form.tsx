import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { County, Me } from '../api/answers.ts';
import { put } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import type { Schedule, ScheduleEntry } from '../api/report-answers.ts';
import { words } from '../language/language.ts';
import { recipientsIn } from './recipients.ts';
import { decides } from './report-text.ts';
import { ScopeChoice, scopeIn } from './scope-choice.tsx';

type ScheduleFormProps = Readonly<{ county: County; schedule: Schedule; me: Me; changed: () => void }>;

/** Whether there is a report each month, of what, for whom. */
export function ScheduleForm({ county, schedule, me, changed }: ScheduleFormProps): JSX.Element {
  const t = words.value.reports;
  const problem = useSignal('');
  const said = useSignal('');
  // What others change meanwhile must not take the place of what is being typed.
  const first = useSignal(schedule).value;

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    said.value = '';
    const entry = entryIn(new FormData(event.currentTarget));
    if (typeof entry === 'string') {
      problem.value = entry;
      return;
    }
    try {
      await put(`counties/${county.id}/report-schedule`, entry);
      problem.value = '';
      said.value = t.scheduled.saved;
      changed();
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  const isMine = decides(me.role);
  return (
    <form class="sheet panel" onSubmit={submit} aria-label={t.scheduled.title}>
      <fieldset class="form" disabled={!isMine}>
        <label class="report-check">
          <input type="checkbox" name="on" defaultChecked={first.on} />
          {t.scheduled.on}
        </label>
        <ScopeChoice county={county} chosen={`${first.scope.kind}/${first.scope.id}`} />
        <label>
          {t.form.objective}
          <input
            type="number"
            name="objective"
            min={0.01}
            max={99.99}
            step={0.01}
            defaultValue={String(first.objective / 100)}
            required
          />
        </label>
        <label>
          {t.scheduled.language}
          <select name="language">
            <option value="zh" selected={first.language === 'zh'}>
              中文
            </option>
            <option value="en" selected={first.language === 'en'}>
              English
            </option>
          </select>
        </label>
        <label>
          {t.scheduled.recipients}
          <textarea
            name="recipients"
            rows={4}
            spellcheck={false}
            defaultValue={first.recipients.join('\n')}
          />
        </label>
        <label class="report-check">
          <input type="checkbox" name="approval" defaultChecked={first.approval} />
          {t.scheduled.approval}
        </label>
        <p class="hint">{t.scheduled.approvalMore}</p>
      </fieldset>
      <p class="problem" role="alert">
        {problem}
      </p>
      {isMine ? (
        <button type="submit" class="primary">
          {t.scheduled.save}
        </button>
      ) : (
        <p class="hint">{t.scheduled.readOnly}</p>
      )}
      <p role="status">{said}</p>
    </form>
  );
}

/** What was filled in, or what is wrong with it. */
function entryIn(form: FormData): ScheduleEntry | string {
  const { recipients, wrong } = recipientsIn(String(form.get('recipients')));
  if (wrong.length > 0) return words.value.reports.wrongAddress(wrong.join(words.value.listComma));
  return {
    on: form.has('on'),
    scope: scopeIn(form),
    objective: Math.round(Number(form.get('objective')) * 100),
    language: form.get('language') === 'en' ? 'en' : 'zh',
    recipients,
    approval: form.has('approval'),
  };
}
