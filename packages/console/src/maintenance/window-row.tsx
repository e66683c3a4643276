import type { JSX } from 'preact';
import type { County, MaintenanceWindow } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { formatDate, formatDuration, formatSince } from '../format/time.ts';
import { schoolName } from '../incidents/incident-text.ts';
import { locale, words } from '../language/language.ts';

type WindowRowProps = Readonly<{
  window: MaintenanceWindow;
  county: County;
  edit: () => void;
  takeAway: () => void;
}>;

/** One window: what is done, where, and when. */
export function WindowRow({ window, county, edit, takeAway }: WindowRowProps): JSX.Element {
  const t = words.value.maintenance;
  const { note, school } = window;
  return (
    <li>
      <div>
        <p>
          <strong>{note}</strong>
        </p>
        <p>{school === undefined ? t.wholeCounty : schoolName(county, school)}</p>
      </div>
      <p class="window-time">{timeText(window, county.timezone)}</p>
      <div class="window-actions">
        <button type="button" onClick={edit} aria-label={`${t.edit}: ${note}`}>
          {t.edit}
        </button>
        <button type="button" onClick={takeAway} aria-label={`${t.remove}: ${note}`}>
          {t.remove}
        </button>
      </div>
    </li>
  );
}

/** In the time of the county: `3月2日周一 08:30 至 10:00`, or how it repeats and when it is next. */
function timeText(window: MaintenanceWindow, timeZone: string): string {
  const t = words.value.maintenance;
  const moment = (seconds: number): string =>
    `${formatDate(seconds, timeZone, locale.value)} ${clock(seconds)}`;
  const clock = (seconds: number): string => formatSince(seconds, seconds, timeZone, locale.value);
  if (window.kind === 'once') {
    const { start, end } = window;
    const sameDay = formatDate(start, timeZone, locale.value) === formatDate(end, timeZone, locale.value);
    return t.span(moment(start), sameDay && end - start < 86_400 ? clock(end) : moment(end));
  }
  const { weekdays, at, minutes, next } = window;
  const days = weekdays.map((day) => t.weekdayNames[day - 1]).join(words.value.listComma);
  const weekly = t.weekly(days, at, formatDuration(minutes * 60, locale.value));
  if (next === undefined) return weekly;
  const when = next.start <= hubNow.value ? t.until(clock(next.end)) : t.next(moment(next.start));
  return `${weekly} · ${when}`;
}
