import type { JSX } from 'preact';
import type { County, Incident } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { words } from '../language/language.ts';
import { lessonText } from './incident-text.ts';

type LessonsPanelProps = Readonly<{ incident: Incident; county: County | undefined }>;

/** The lessons that an incident hits: those on now and ahead by name, earlier ones by number. */
export function LessonsPanel({ incident, county }: LessonsPanelProps): JSX.Element {
  const t = words.value.incidents;
  const now = hubNow.value;
  const { lessons, place, to } = incident;
  // Of what is over, all lessons are of interest.
  const shown = to === undefined ? lessons.filter(({ end }) => end > now) : lessons;
  const earlier = lessons.length - shown.length;
  return (
    <section class="sheet panel" aria-labelledby="lessons">
      <h2 id="lessons">{t.lessonsTitle}</h2>
      {lessons.length === 0 && <p>{t.lessonsNone}</p>}
      {earlier > 0 && <p class="hint">{t.lessonsOver(earlier)}</p>}
      {shown.length > 0 && (
        <ul class="lessons-hit">
          {shown.map((lesson) => (
            <li key={`${lesson.school} ${lesson.class} ${lesson.start}`}>
              {lessonText(lesson, county, place.school === undefined)}{' '}
              {lesson.start <= now && now < lesson.end && <strong class="on-now">{t.onNow}</strong>}
            </li>
          ))}
        </ul>
      )}
      {to === undefined && <p class="hint">{t.lessonsMore}</p>}
    </section>
  );
}
