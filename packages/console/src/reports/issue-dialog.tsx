import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { County } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { post } from '../api/client.ts';
import type { ReportPeriods } from '../api/report-answers.ts';
import { Dialog } from '../design/dialog.tsx';
import { hubNow } from '../format/clock.ts';
import { wallClock } from '../format/time.ts';
import { inLanguage, words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';
import { PeriodFields, type PeriodKind, periodIn, periodKinds } from './period-fields.tsx';
import { refusalText } from './report-text.ts';
import { ScopeChoice, scopeIn } from './scope-choice.tsx';

type IssueDialogProps = Readonly<{
  counties: readonly County[];
  county: County;
  /** Chosen to begin with. */
  school: string | undefined;
  done: () => void;
}>;

/** Asks for a report: of which days, of what, against which objective. */
export function IssueDialog({ counties, county: first, school, done }: IssueDialogProps): JSX.Element {
  const t = words.value.reports.form;
  const county = useSignal(first);
  const kind = useSignal<PeriodKind>('month');
  const problem = useSignal('');
  const working = useSignal(false);
  const { id, timezone } = county.value;
  const { answer: periods } = useAnswer<ReportPeriods>(id, `counties/${id}/report-periods`).state.value;
  const today = wallClock(hubNow.value, timezone).slice(0, 10);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const period = periodIn(form, kind.value);
    if (period === undefined || ('from' in period && period.to < period.from)) {
      problem.value = period === undefined ? t.noTerm : t.wrongDays;
      return;
    }
    working.value = true;
    try {
      const objective = Math.round(Number(form.get('objective')) * 100);
      await post('reports', { county: id, scope: scopeIn(form), ...period, objective });
      done();
    } catch (error) {
      problem.value = refusalText(error, 'issue');
      working.value = false;
    }
  };

  return (
    <Dialog title={words.value.reports.issue} done={done}>
      <form class="form" onSubmit={submit}>
        {counties.length > 1 && (
          <label>
            {t.county}
            <select
              value={id}
              onChange={(event) => {
                const chosen = event.currentTarget.value;
                county.value = counties.find((one) => one.id === chosen) ?? first;
              }}
            >
              {counties.map((one) => (
                <option key={one.id} value={one.id}>
                  {inLanguage(one.name)}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="segments">
          <legend>{t.kind}</legend>
          {periodKinds.map((name) => (
            <Segment key={name} name="kind" checked={kind.value === name} choose={() => (kind.value = name)}>
              {t.kinds[name]}
            </Segment>
          ))}
        </fieldset>
        <PeriodFields kind={kind.value} today={today} terms={periods?.terms} />
        <ScopeChoice county={county.value} chosen={school === undefined ? undefined : `school/${school}`} />
        <label>
          {t.objective}
          <input
            key={periods?.objective}
            type="number"
            name="objective"
            min={0.01}
            max={99.99}
            step={0.01}
            defaultValue={String((periods?.objective ?? 9950) / 100)}
            required
          />
        </label>
        <p class="hint">
          {t.onlyOver} {t.languageMore}
        </p>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={working.value}>
          {working.value ? t.asking : t.submit}
        </button>
      </form>
    </Dialog>
  );
}
