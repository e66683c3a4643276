import type { JSX } from 'preact';
import { type County, type Lesson, minuteStates, type Outcome, type Readiness } from '../api/answers.ts';
import { Dialog } from '../design/dialog.tsx';
import { hubNow } from '../format/clock.ts';
import { formatClock } from '../format/time.ts';
import { nameIn } from '../incidents/incident-text.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { roomAddress } from '../overview/room-address.ts';
import { LessonState, ReadinessIcon, ReadinessMark } from './lesson-state.tsx';

/** It is checked so long before. Seconds. */
const firstCheckS = 900;

type LessonDialogProps = Readonly<{ county: County; lesson: Lesson; done: () => void }>;

/** One lesson: what was checked, why it is as it is, and what to do. */
export function LessonDialog({ county, lesson, done }: LessonDialogProps): JSX.Element {
  const t = words.value;
  const school = county.schools.find(({ id }) => id === lesson.school);
  const room = school?.classrooms.find(({ id }) => id === lesson.classroom);
  const of = room?.classes.find(({ id }) => id === lesson.class);
  const clock = (seconds: number): string => formatClock(seconds, county.timezone, locale.value, false);
  const facts = [
    `${t.lessons.period(lesson.period)} ${clock(lesson.start)}–${clock(lesson.end)}`,
    lesson.subject,
    t.modes[lesson.mode],
    t.links[lesson.carrier],
    lesson.frontEnd && t.lessons.frontEnd(nameIn(county.frontEndSchools, lesson.frontEnd)),
  ];
  const title = [school && inLanguage(school.name), of && inLanguage(of.name)];
  return (
    <Dialog title={title.filter(Boolean).join(' · ')} done={done}>
      <div class="lesson-detail">
        <p>{facts.filter(Boolean).join(' · ')}</p>
        <p class="lesson-verdict">
          <LessonState lesson={lesson} />
          {lesson.readiness !== undefined && (
            <span class="hint">{t.lessons.checkedAt(clock(lesson.readiness.at))}</span>
          )}
        </p>
        {lesson.outcome !== undefined && <Minutes outcome={lesson.outcome} />}
        {lesson.readiness === undefined ? (
          <p class="hint">{withoutCheck(lesson, clock)}</p>
        ) : (
          <>
            {lesson.outcome !== undefined && (
              <h3>
                {t.lessons.before} <ReadinessMark state={lesson.readiness.state} />
              </h3>
            )}
            <Checks checks={lesson.readiness.checks} />
          </>
        )}
        {school && room && <a href={roomAddress(county, school, room.id)}>{t.lessons.toRoom}</a>}
      </div>
    </Dialog>
  );
}

function withoutCheck({ cancelled, start }: Lesson, clock: (seconds: number) => string): string {
  const t = words.value.lessons;
  if (cancelled) return t.wasCancelled;
  return start > hubNow.value ? t.willBeChecked(clock(start - firstCheckS)) : t.wasNotChecked;
}

/** Where its minutes went, and what took those that were lost. */
function Minutes({ outcome }: Readonly<{ outcome: Outcome }>): JSX.Element {
  const t = words.value.lessons;
  return (
    <>
      <ul class="lesson-minutes">
        {minuteStates
          .filter((state) => outcome.minutes[state] > 0)
          .map((state) => (
            <li key={state}>{t.minutes[state](outcome.minutes[state])}</li>
          ))}
      </ul>
      {outcome.lost.length > 0 && (
        <ul>
          {outcome.lost.map(({ why, minutes, incident }) => (
            <li key={incident ?? why.en}>
              {t.lostTo(minutes, inLanguage(why))}{' '}
              {incident !== undefined && <a href={`/incidents/${incident}`}>{t.toIncident}</a>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Checks({ checks }: Pick<Readiness, 'checks'>): JSX.Element {
  const t = words.value.lessons;
  return (
    <dl class="lesson-checks">
      {checks.map(({ item, state, why, todo, incident }) => (
        <div key={item} class={`is-${state}`}>
          <dt>
            <ReadinessIcon state={state} />
            {t.items[item]}
            <span class="sr-only">{t.states[state]}</span>
          </dt>
          <dd>
            {inLanguage(why)}
            {todo !== undefined && state !== 'ready' && <p>{t.todo(inLanguage(todo))}</p>}
            {incident !== undefined && <a href={`/incidents/${incident}`}>{t.toIncident}</a>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
