import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Me } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { post, put } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import type { Schedule, ScheduleEntry } from '../api/report-answers.ts';
import { Problem } from '../design/problem.tsx';
import { inLanguage, locale, words } from '../language/language.ts';
import { dayName, monthName } from './periods.ts';
import { useCounties } from './places.ts';
import './report-parts.css';
import './report.css';
import { recipientsIn } from './recipients.ts';
import { decides, momentText, refusalText, reportAddress } from './report-text.ts';
import { ScopeChoice, scopeIn } from './scope-choice.tsx';

/** The report that is made each month by itself: whether, for whom, and what became of the last. */
export default function SchedulePage({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const { query, route } = useLocation();
  const { counties, problem } = useCounties();
  useEffect(() => {
    document.title = `${t.reports.scheduled.title} · ${t.product}`;
  }, [t]);
  const county = counties?.find(({ id }) => id === query.county) ?? counties?.[0];
  return (
    <div class="report-page">
      <nav class="crumbs" aria-label={t.reports.title}>
        <a href="/reports">{t.reports.title}</a>
      </nav>
      <div class="page-head">
        <h1>{t.reports.scheduled.title}</h1>
        {counties !== undefined && counties.length > 1 && (
          <select
            aria-label={t.reports.form.county}
            value={county?.id ?? ''}
            onChange={(event) =>
              route(`/reports/schedule?county=${encodeURIComponent(event.currentTarget.value)}`)
            }
          >
            {counties.map(({ id, name }) => (
              <option key={id} value={id}>
                {inLanguage(name)}
              </option>
            ))}
          </select>
        )}
      </div>
      <p class="hint">{t.reports.scheduled.intro}</p>
      {problem !== '' && <Problem text={problem} />}
      {county !== undefined && <CountySchedule key={county.id} county={county} me={me} />}
    </div>
  );
}

function CountySchedule({ county, me }: { county: County; me: Me }): JSX.Element {
  const { state, again } = useAnswer<Schedule>(county.id, `counties/${county.id}/report-schedule`);
  const { answer, error } = state.value;
  if (answer === undefined)
    return error === undefined ? (
      <p class="waiting">{words.value.loading}</p>
    ) : (
      <Problem text={problemText(error)} />
    );
  return (
    <div class="panels">
      <Entry county={county} schedule={answer} me={me} changed={again} />
      <div class="report-page">
        <Standing county={county} schedule={answer} />
        {decides(me.role) && <TestLetter county={county} />}
      </div>
    </div>
  );
}

type EntryProps = Readonly<{ county: County; schedule: Schedule; me: Me; changed: () => void }>;

function Entry({ county, schedule, me, changed }: EntryProps): JSX.Element {
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

/** What comes next, what became of the last, and what is in the way. */
function Standing({ county, schedule }: Readonly<{ county: County; schedule: Schedule }>): JSX.Element {
  const t = words.value.reports;
  const { on, next, last, problems } = schedule;
  const month = (name: string): string => monthName(name, locale.value);
  return (
    <section class="sheet panel" aria-label={t.columns.state}>
      <h2>{t.columns.state}</h2>
      {!on && <p>{t.scheduled.off}</p>}
      {on && (
        <p>
          {next === undefined
            ? t.scheduled.nextUnknown
            : t.scheduled.next(month(next.month), dayName(next.date, locale.value))}
        </p>
      )}
      {last !== undefined && (
        <p>
          {t.scheduled.last(
            month(last.month),
            momentText(last.at, county),
            t.scheduled.outcomes[last.outcome],
          )}{' '}
          {last.report !== undefined && <a href={reportAddress(last.report)}>{t.jobs.open}</a>}
        </p>
      )}
      {problems.length > 0 && (
        <ul class="problem">
          {problems.map((problem) => (
            <li key={problem.en}>{inLanguage(problem)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function TestLetter({ county }: { county: County }): JSX.Element {
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
      </form>
    </section>
  );
}
