import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Me } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { problemText } from '../api/problem.ts';
import type { Schedule } from '../api/report-answers.ts';
import { Problem } from '../design/problem.tsx';
import { inLanguage, locale, words } from '../language/language.ts';
import { dayName, monthName } from './periods.ts';
import { useCounties } from './places.ts';
import './report-parts.css';
import './report.css';
import { decides, momentText, reportAddress } from './report-text.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { TestLetter } from './test-letter.tsx';

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

const pauseMs = { whileTrying: 5000, usual: 30_000 } as const;

function CountySchedule({ county, me }: { county: County; me: Me }): JSX.Element {
  const { state, again } = useAnswer<Schedule>(
    county.id,
    `counties/${county.id}/report-schedule`,
    undefined,
    (answer) => (answer?.trial?.state === 'waiting' ? pauseMs.whileTrying : pauseMs.usual),
  );
  const { answer, error } = state.value;
  if (answer === undefined)
    return error === undefined ? (
      <p class="waiting">{words.value.loading}</p>
    ) : (
      <Problem text={problemText(error)} />
    );
  return (
    <div class="panels">
      <ScheduleForm county={county} schedule={answer} me={me} changed={again} />
      <div class="report-page">
        <Standing county={county} schedule={answer} />
        {decides(me.role) && <TestLetter county={county} trial={answer.trial} changed={again} />}
      </div>
    </div>
  );
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
