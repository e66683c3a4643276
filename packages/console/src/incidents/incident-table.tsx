import type { JSX } from 'preact';
import type { County, IncidentSummary, Places } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { inLanguage, words } from '../language/language.ts';
import { countyOf, incidentAddress, lessonText, placeText } from './incident-text.ts';
import { IncidentTime } from './incident-time.tsx';
import './incident-table.css';
import { inOrder, isOver, lessonAhead } from './order.ts';
import { SeverityMark } from './severity-mark.tsx';

type IncidentTableProps = Readonly<{
  incidents: readonly IncidentSummary[];
  places: Places;
  /** Names the table for those who do not see it. */
  title: string;
}>;

/** Incidents, what goes on first: what and where, since when, which lessons, and who takes care of it. */
export function IncidentTable({ incidents, places, title }: IncidentTableProps): JSX.Element {
  const { columns } = words.value.incidents;
  return (
    <table class="incidents sheet" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{columns.severity}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col">{columns.since}</th>
          <th scope="col">{columns.lessons}</th>
          <th scope="col">{columns.care}</th>
        </tr>
      </thead>
      <tbody>
        {inOrder(incidents).map((incident) => (
          <IncidentRow key={incident.id} incident={incident} places={places} />
        ))}
      </tbody>
    </table>
  );
}

function IncidentRow({ incident, places }: { incident: IncidentSummary; places: Places }): JSX.Element {
  const t = words.value.incidents;
  const { severity, confidence, where, why, state } = incident;
  const county = countyOf(places, incident);
  return (
    <tr class={`incident is-${isOver(state) ? 'over' : severity}`}>
      <td class="incident-severity">
        <SeverityMark severity={severity} />
      </td>
      <td class="incident-what">
        <a href={incidentAddress(incident)}>
          {placeText(incident, places)} · {inLanguage(where)}
        </a>
        <span>
          {inLanguage(why)}{' '}
          <span class="hint" title={t.sureMore[confidence]}>
            {t.sure[confidence]}
          </span>
        </span>
      </td>
      <td class="incident-since">
        <IncidentTime incident={incident} timeZone={county?.timezone ?? 'UTC'} />
      </td>
      <td class="incident-lessons">
        <LessonsLine incident={incident} county={county} />
      </td>
      <td class="incident-care">
        <Care incident={incident} />
      </td>
    </tr>
  );
}

type LessonsLineProps = Readonly<{ incident: IncidentSummary; county: County | undefined }>;

/** How many lessons it hits, and the one that is on or next. */
function LessonsLine({ incident, county }: LessonsLineProps): JSX.Element | null {
  const t = words.value.incidents;
  const { lessons, place, to } = incident;
  if (lessons.length === 0) return null;
  const now = hubNow.value;
  const ahead = to === undefined ? lessonAhead(lessons, now) : undefined;
  const text = ahead && lessonText(ahead, county, place.school === undefined);
  return (
    <>
      <strong>{t.lessons(lessons.length)}</strong>
      {ahead !== undefined && text !== undefined && (
        <span> {ahead.start <= now ? t.lessonNow(text) : t.lessonNext(text)}</span>
      )}
    </>
  );
}

/** Who takes care of it, or what became of it. */
export function Care({ incident: { state, acknowledgedBy } }: { incident: IncidentSummary }): JSX.Element {
  const t = words.value.incidents;
  return (
    <span title={t.statesMore[state]}>
      {state === 'acknowledged' && acknowledgedBy !== undefined
        ? t.acknowledgedBy(acknowledgedBy)
        : t.states[state]}
    </span>
  );
}
