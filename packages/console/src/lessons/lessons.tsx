import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Lesson, Lessons } from '../api/answers.ts';
import { problemText } from '../api/problem.ts';
import { Problem } from '../design/problem.tsx';
import { StateIcon } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatClock, formatDate, formatDuration, momentIn, wallClock } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';
import { keepPreference, readPreference } from '../session/preference.ts';
import { boardOf, countOutcomes, countStates, isAtRisk, presentOf } from './board.ts';
import { DayChooser } from './day-chooser.tsx';
import { LessonDialog } from './lesson-dialog.tsx';
import { LessonGrid } from './lesson-grid.tsx';
import { LessonList } from './lesson-list.tsx';
import { OutcomeMark, ReadinessMark } from './lesson-state.tsx';
import './lessons.css';
import { useLessons } from './lessons-data.ts';

/** Room for a grid. */
const desk = matchMedia('(min-width: 60rem)');
const onDesk = signal(desk.matches);
desk.addEventListener('change', () => {
  onDesk.value = desk.matches;
});

/** The lessons of a day, and whether they can be held. */
export default function LessonsPage(): JSX.Element {
  const t = words.value;
  const { query, route } = useLocation();
  const onlyAtRisk = useSignal(readPreference('only-at-risk') === 'yes');
  const opened = useSignal<Lesson | undefined>(undefined);
  const { counties, answer, error } = useLessons(query.county, query.date).value;
  useEffect(() => {
    document.title = `${t.lessons.title} · ${t.product}`;
  }, [t]);

  const county = counties?.find(({ id }) => id === answer?.county);
  if (answer === undefined || county === undefined) {
    if (error !== undefined) return <Problem text={problemText(error)} />;
    return <p class="waiting">{counties?.length === 0 ? t.overview.noPlaces : t.loading}</p>;
  }

  const asked = query.date ?? answer.date;
  const isOld = asked !== answer.date || county.id !== (query.county ?? county.id);
  const today = wallClock(hubNow.value, county.timezone).slice(0, 10);
  const go = (where: Readonly<{ county?: string; date?: string }>): void => {
    const search = new URLSearchParams({ county: county.id, date: answer.date, ...where });
    route(`/lessons?${search}`);
  };
  const show = (risk: boolean): void => {
    onlyAtRisk.value = risk;
    keepPreference('only-at-risk', risk ? 'yes' : 'no');
  };
  const shown = onlyAtRisk.value ? answer.lessons.filter(isAtRisk) : answer.lessons;
  const board = boardOf(county, shown);
  const open = (lesson: Lesson): void => {
    opened.value = lesson;
  };
  return (
    <div class={isOld ? 'lessons is-old' : 'lessons'} aria-busy={isOld}>
      <div class="page-head">
        <h1>
          {t.lessons.title} <span class="lesson-date">{dayText(answer)}</span>
        </h1>
        <div class="lesson-choices">
          {(counties?.length ?? 0) > 1 && (
            <select
              aria-label={t.lessons.county}
              value={county.id}
              onChange={(event) => go({ county: event.currentTarget.value })}
            >
              {counties?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {inLanguage(name)}
                </option>
              ))}
            </select>
          )}
          <a href={`/timetable?county=${county.id}`}>{t.lessons.toTimetable}</a>
          <DayChooser today={today} date={asked} choose={(date) => go({ date })} />
        </div>
      </div>
      {error !== undefined && (
        <p class="problem" role="status">
          {problemText(error)}
        </p>
      )}
      {!answer.timetable && <NoTimetable county={county.id} />}
      {answer.lessons.length === 0 ? (
        <p class="empty">{noLessons(answer)}</p>
      ) : (
        <>
          <div class="lesson-bar">
            {answer.date === today && <Present county={county} lessons={answer.lessons} />}
            <Summary lessons={answer.lessons} />
            <fieldset class="segments">
              <legend class="sr-only">{t.lessons.show}</legend>
              <Segment name="risk" checked={!onlyAtRisk.value} choose={() => show(false)}>
                {t.lessons.all}
              </Segment>
              <Segment name="risk" checked={onlyAtRisk.value} choose={() => show(true)}>
                {t.lessons.onlyAtRisk}
              </Segment>
            </fieldset>
          </div>
          {shown.length === 0 && (
            <p class="all-good">
              <StateIcon state="none" />
              {t.lessons.noneAtRisk}
            </p>
          )}
          {shown.length > 0 &&
            (onDesk.value ? (
              <LessonGrid county={county} board={board} open={open} />
            ) : (
              <LessonList county={county} board={board} open={open} />
            ))}
        </>
      )}
      {opened.value !== undefined && (
        <LessonDialog
          county={county}
          lesson={newestOf(opened.value, answer.lessons)}
          done={() => (opened.value = undefined)}
        />
      )}
    </div>
  );
}

/** It may have been checked again since it was opened. */
function newestOf(lesson: Lesson, lessons: readonly Lesson[]): Lesson {
  const { school, class: of, start, cancelled } = lesson;
  return (
    lessons.find(
      (each) =>
        each.school === school && each.class === of && each.start === start && each.cancelled === cancelled,
    ) ?? lesson
  );
}

function dayText({ date, timezone }: Lessons): string {
  const noon = momentIn(`${date}T12:00`, timezone);
  return noon === undefined ? date : formatDate(noon, timezone, locale.value);
}

/** What is on, and what comes next. */
function Present({ county, lessons }: Readonly<{ county: County; lessons: readonly Lesson[] }>): JSX.Element {
  const t = words.value.lessons;
  const now = hubNow.value;
  const { running, next } = presentOf(lessons, now);
  // Whole minutes: seconds would count down where nobody needs them.
  const left = (until: number): string =>
    formatDuration(Math.max(60, Math.ceil((until - now) / 60) * 60), locale.value);
  const clock = (seconds: number): string => formatClock(seconds, county.timezone, locale.value, false);
  return (
    <div class="lesson-present" role="status">
      {running && <p class="is-running">{t.running(running.period, left(running.end))}</p>}
      {next && <p>{t.next(next.period, clock(next.start), left(next.start))}</p>}
      {running === undefined && next === undefined && <p>{t.dayOver}</p>}
    </div>
  );
}

function Summary({ lessons }: Readonly<{ lessons: readonly Lesson[] }>): JSX.Element {
  const t = words.value.lessons;
  const some = <State,>([, count]: readonly [State, number]): boolean => count > 0;
  const outcomes = countOutcomes(lessons).filter(some);
  return (
    <>
      <ul class="lesson-summary" aria-label={t.summary}>
        {countStates(lessons)
          .filter(some)
          .map(([state, count]) => (
            <li key={state}>
              <ReadinessMark state={state} /> <strong>{count}</strong>
            </li>
          ))}
      </ul>
      {outcomes.length > 0 && (
        <ul class="lesson-summary" aria-label={t.over}>
          <li class="hint">{t.over}</li>
          {outcomes.map(([state, count]) => (
            <li key={state}>
              <OutcomeMark state={state} /> <strong>{count}</strong>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NoTimetable({ county }: { county: string }): JSX.Element {
  const t = words.value.lessons;
  return (
    <section class="sheet panel no-timetable">
      <h2>{t.noTimetable}</h2>
      <p>
        {t.noTimetableMore} <a href={`/timetable?county=${county}`}>{t.enterTimetable}</a>
      </p>
      <p class="hint">{t.orRun}</p>
      <code class="command">
        npx tongtang timetable template --out timetable.xlsx
        <br />
        npx tongtang timetable import timetable.xlsx
      </code>
    </section>
  );
}

/** Why a day has none. */
function noLessons({ kind, note, timetable }: Lessons): string {
  const t = words.value.lessons;
  switch (kind) {
    case 'holiday':
      return t.holiday(note);
    case 'exam':
      return t.exam(note);
    case 'weekend':
      return t.weekend;
    case 'between-terms':
      return t.betweenTerms;
    default:
      return timetable ? t.none : t.noPeriods;
  }
}
