import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { County } from '../api/answers.ts';
import { post } from '../api/client.ts';
import type { Schedule } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { momentText, refusalText } from './report-text.ts';

type TestLetterProps = Readonly<{ county: County; trial: Schedule['trial']; changed: () => void }>;

/** Tries the way to a mailbox, and tells what became of it. */
export function TestLetter({ county, trial, changed }: TestLetterProps): JSX.Element {
  const t = words.value.reports;
  const problem = useSignal('');
  const said = useSignal('');

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    said.value = '';
    problem.value = '';
    try {
      const to = String(new FormData(event.currentTarget).get('to')).trim();
      await post(`counties/${county.id}/report-schedule/test`, { to });
      said.value = t.scheduled.testSent;
      changed();
    } catch (error) {
      problem.value = refusalText(error, 'send');
    }
  };

  return (
    <section class="sheet panel" aria-label={t.scheduled.test}>
      <h2>{t.scheduled.test}</h2>
      <form class="form" onSubmit={submit}>
        <p class="hint">{t.scheduled.testMore}</p>
        <label>
          {t.scheduled.testTo}
          <input type="email" name="to" autocomplete="email" required />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit">{t.scheduled.test}</button>
        <p role="status">{said}</p>
        {trial !== undefined && (
          <p class={trial.state === 'failed' ? 'problem' : 'hint'}>
            {momentText(trial.at, county)} → {trial.to}: {t.revisions.letterStates[trial.state]}
            {trial.why !== undefined && <span class="report-note">{inLanguage(trial.why)}</span>}
          </p>
        )}
      </form>
    </section>
  );
}
