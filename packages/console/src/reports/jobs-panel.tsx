import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Me } from '../api/answers.ts';
import { remove } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import type { Job } from '../api/report-answers.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { dayName } from './periods.ts';
import { reportAddress } from './report-text.ts';

type JobsPanelProps = Readonly<{ jobs: readonly Job[]; me: Me; changed: () => void }>;

/** One sees what became of what one asked for; the list has all. */
const endedShown = 3;

/** Reports that are being made, and what became of those that one asked for. */
export function JobsPanel({ jobs, me, changed }: JobsPanelProps): JSX.Element | null {
  const t = words.value.reports.jobs;
  const problem = useSignal('');
  const isOn = ({ state }: Job): boolean => state === 'waiting' || state === 'working';
  const ended = jobs.filter((job) => !isOn(job) && job.askedBy === me.user);
  const shown = [...jobs.filter(isOn), ...ended.slice(0, endedShown)];
  if (shown.length === 0) return null;

  const cancel = async ({ id }: Job): Promise<void> => {
    try {
      await remove(`reports/jobs/${encodeURIComponent(id)}`);
      problem.value = '';
      changed();
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  return (
    <section class="sheet panel report-jobs" aria-labelledby="jobs">
      <h2 id="jobs">{shown.some(isOn) ? t.title : t.ended}</h2>
      <ul>
        {shown.map((job) => (
          <li key={job.id}>
            {/* Not each day of it is read aloud. */}
            <p role={isOn(job) ? undefined : 'status'}>{jobText(job)}</p>
            {job.progress !== undefined && isOn(job) && <Progress {...job.progress} />}
            {isOn(job) && (job.askedBy === me.user || me.role === 'admin') && (
              <button
                type="button"
                aria-label={`${words.value.cancel}: ${inLanguage(job.title)}`}
                onClick={() => cancel(job)}
              >
                {words.value.cancel}
              </button>
            )}
            {job.report !== undefined && (
              <a href={reportAddress(job.report)} aria-label={`${t.open}: ${inLanguage(job.title)}`}>
                {t.open}
              </a>
            )}
          </li>
        ))}
      </ul>
      <p class="problem" role="alert">
        {problem}
      </p>
      {shown.some(isOn) && <p class="hint">{t.leave}</p>}
    </section>
  );
}

function Progress({ done, of }: NonNullable<Job['progress']>): JSX.Element {
  const text = words.value.reports.jobs.progress(done, of);
  return (
    <span class="report-progress">
      <progress value={done} max={of} aria-label={text} /> {text}
    </span>
  );
}

function jobText({ state, title, progress, outcome, revision, error }: Job): string {
  const t = words.value.reports.jobs;
  const name = inLanguage(title);
  switch (state) {
    case 'waiting':
      return t.waiting(name);
    case 'working':
      return progress === undefined
        ? t.beginning(name)
        : t.working(name, dayName(progress.day, locale.value));
    case 'done':
      return outcome === undefined || revision === undefined ? name : t.done[outcome](name, revision);
    case 'failed':
      return t.failed(name, error ?? '');
    case 'cancelled':
      return t.cancelled(name);
  }
}
