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
  const isApproved = useSignal(schedule.approval);
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
          <input
            type="checkbox"
            name="approval"
            defaultChecked={first.approval}
            onChange={(event) => (isApproved.value = event.currentTarget.checked)}
          />
          {t.scheduled.approval}
        </label>
        <p class="hint">{t.scheduled.approvalMore}</p>
        {/* What was entered stays entered while nobody has to approve anything. */}
        <div hidden={!isApproved.value}>
          <label>
            {t.scheduled.approvers}
            <textarea
              name="approvers"
              rows={2}
              spellcheck={false}
              defaultValue={first.approvers.join('\n')}
              aria-describedby="approvers-more"
            />
          </label>
        </div>
        <p class="hint" id="approvers-more" hidden={!isApproved.value}>
          {t.scheduled.approversMore}
        </p>
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
  const approval = form.has('approval');
  const { recipients, wrong: wrongRecipients } = recipientsIn(String(form.get('recipients')));
  const { recipients: approvers, wrong: wrongApprovers } = recipientsIn(String(form.get('approvers')));
  // What nobody sees is not objected to.
  const wrong = [...wrongRecipients, ...(approval ? wrongApprovers : [])];
  if (wrong.length > 0) return words.value.reports.wrongAddress(wrong.join(words.value.listComma));
  return {
    on: form.has('on'),
    scope: scopeIn(form),
    objective: Math.round(Number(form.get('objective')) * 100),
    language: form.get('language') === 'en' ? 'en' : 'zh',
    recipients,
    approval,
    approvers,
  };
}
