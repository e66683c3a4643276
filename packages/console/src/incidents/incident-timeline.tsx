import type { JSX } from 'preact';
import type { County, Incident } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { formatClock, formatDay, momentIn, wallClock } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { roomName, schoolName } from './incident-text.ts';
import { type TimelineRow, timelineOf } from './timeline.ts';

type IncidentTimelineProps = Readonly<{ incident: Incident; county: County | undefined }>;

/** What was wrong when, a row for each condition of each machine, with the lessons that it hits behind. */
export function IncidentTimeline({ incident, county }: IncidentTimelineProps): JSX.Element {
  const t = words.value.incidents;
  const timeZone = county?.timezone ?? 'UTC';
  const midnight = momentIn(`${wallClock(incident.from, timeZone).slice(0, 10)}T00:00`, timeZone) ?? 0;
  const timeline = timelineOf(incident, hubNow.value, midnight);
  const { rows, more, lessons, ticks, now } = timeline;
  const byDay = (ticks[1]?.at ?? 0) - (ticks[0]?.at ?? 0) >= 43_200;
  const label = (at: number): string =>
    byDay ? formatDay(at, timeZone, locale.value) : formatClock(at, timeZone, locale.value, false);
  return (
    <section class="sheet panel timeline" aria-labelledby="timeline">
      <h2 id="timeline">{t.timeline}</h2>
      <ul>
        {rows.map((row) => (
          <li key={row.key}>
            <span class="timeline-label">{labelOf(row, incident, county)}</span>
            <span class="timeline-track">
              {lessons.map(({ start, left, width }) => (
                <i key={start} class="timeline-lesson" style={{ left: `${left}%`, width: `${width}%` }} />
              ))}
              {row.bars.map(({ from, left, width }) => (
                <i key={from} class="timeline-bar" style={{ left: `${left}%`, width: `${width}%` }} />
              ))}
              {now !== undefined && <i class="timeline-now" style={{ left: `${now}%` }} />}
              <span class="sr-only">{timesOf(row, timeZone)}</span>
            </span>
          </li>
        ))}
      </ul>
      <div class="timeline-axis" aria-hidden="true">
        <span class="timeline-label" />
        <span class="timeline-track">
          {ticks.map(({ at, left }) => (
            <i key={at} style={{ left: `${left}%` }}>
              {label(at)}
            </i>
          ))}
        </span>
      </div>
      <p class="hint">
        {lessons.length > 0 && <span class="timeline-legend">{t.timelineLessons}</span>}
        {more > 0 && <span>{t.timelineMore(more)}</span>}
        <span>{words.value.classroom.zone(timeZone)}</span>
      </p>
    </section>
  );
}

/** Which room; of an incident that is wider than a school which school, and how many rooms of it. */
function labelOf(
  { evidence, rooms }: TimelineRow,
  { place }: Incident,
  county: County | undefined,
): JSX.Element {
  const { school, classroom, title } = evidence;
  const isWide = place.school === undefined;
  const name = isWide ? schoolName(county, school) : roomName(county, school, classroom);
  const address = isWide
    ? `/schools/${place.county}/${school}`
    : `/classrooms/${place.county}/${school}/${classroom}`;
  return (
    <>
      <a href={address}>{name}</a>{' '}
      <span class="hint">
        {isWide && `${words.value.incidents.rooms(rooms)} · `}
        {inLanguage(title)}
      </span>
    </>
  );
}

function timesOf({ bars }: TimelineRow, timeZone: string): string {
  const t = words.value.incidents;
  const clock = (seconds: number): string => formatClock(seconds, timeZone, locale.value, false);
  return bars
    .map(({ from, to }) => t.between(clock(from), to === undefined ? t.now : clock(to)))
    .join(words.value.listComma);
}
