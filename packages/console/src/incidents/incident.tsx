import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { County, Incident, Places, Text } from '../api/answers.ts';
import { ApiError } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Problem } from '../design/problem.tsx';
import { hubNow } from '../format/clock.ts';
import { formatSince } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { fleet, loadFleet } from '../overview/fleet.ts';
import { FleetLoading } from '../overview/fleet-loading.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { IncidentHistory } from './incident-history.tsx';
import { Care } from './incident-table.tsx';
import { countyOf, headline, roomName, schoolName } from './incident-text.ts';
import { lasting } from './incident-time.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import './incident.css';
import { LessonsPanel } from './lessons-panel.tsx';
import { useLiveAnswer } from './live-answer.ts';
import { SeverityMark } from './severity-mark.tsx';

/** One incident: what broke, where and since when, what to check first, and what people do about it. */
export default function IncidentPage(): JSX.Element {
  const t = words.value;
  const { params } = useRoute();
  const id = params.id ?? '';
  useEffect(() => {
    if (fleet.value === undefined) void loadFleet(true);
  }, []);
  const state = useLiveAnswer<Incident>(id, `incidents/${encodeURIComponent(id)}`);
  const { answer, error } = state.value;
  const places = fleet.value?.places;
  const title = answer && places ? headline(answer, places) : t.incidents.title;
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t]);

  if (places === undefined) return <FleetLoading />;
  if (answer !== undefined)
    return (
      <Known
        incident={answer}
        places={places}
        error={error}
        changed={(after) => {
          state.value = { answer: after };
        }}
      />
    );
  if (error === undefined) return <p class="waiting">{t.loading}</p>;
  if (error instanceof ApiError && error.status === 404)
    return (
      <div class="empty">
        <h1>{t.incidents.missing}</h1>
        <a href="/incidents">{t.incidents.title}</a>
      </div>
    );
  return <Problem text={problemText(error)} />;
}

type KnownProps = Readonly<{
  incident: Incident;
  places: Places;
  error: unknown;
  changed: (incident: Incident) => void;
}>;

function Known({ incident, places, error, changed }: KnownProps): JSX.Element {
  const t = words.value.incidents;
  const county = countyOf(places, incident);
  const timeZone = county?.timezone ?? 'UTC';
  return (
    <article class="incident-page">
      <nav class="crumbs" aria-label={t.title}>
        <a href="/incidents">{t.title}</a>
      </nav>
      <div class="page-head">
        <h1>{headline(incident, places)}</h1>
        <IncidentActions incident={incident} changed={changed} />
      </div>
      {error !== undefined && (
        <p class="stale-note" role="status">
          {problemText(error)}
        </p>
      )}
      <p class="incident-line">
        <SeverityMark severity={incident.severity} />
        <span>{timeText(incident, timeZone)}</span>
        <span>{t.rooms(incident.rooms)}</span>
        <Care incident={incident} />
        {incident.flapping && <span>{t.flapping}</span>}
        <PlaceLinks incident={incident} county={county} />
      </p>
      <div class="panels">
        <section class="sheet panel" aria-labelledby="checks">
          <h2 id="checks">{t.checks}</h2>
          <ol class="checks">
            {incident.checks.map((check) => (
              <li key={check.en}>{inLanguage(check)}</li>
            ))}
          </ol>
        </section>
        <Seen saw={incident.saw} incident={incident} />
        <LessonsPanel incident={incident} county={county} />
      </div>
      <IncidentTimeline incident={incident} county={county} />
      <IncidentHistory history={incident.history} timeZone={timeZone} />
    </article>
  );
}

function Seen({ saw, incident }: Readonly<{ saw: readonly Text[]; incident: Incident }>): JSX.Element {
  const t = words.value.incidents;
  const { confidence } = incident;
  return (
    <section class="sheet panel" aria-labelledby="saw">
      <h2 id="saw">{t.saw}</h2>
      {saw.length === 0 ? (
        <p class="hint">{t.sawNone}</p>
      ) : (
        <ul class="saw">
          {saw.map((statement) => (
            <li key={statement.en}>{inLanguage(statement)}</li>
          ))}
        </ul>
      )}
      <p>
        <strong>{inLanguage(incident.why)}</strong> · {t.sure[confidence]}{' '}
        <span class="hint">{t.sureMore[confidence]}</span>
      </p>
    </section>
  );
}

function PlaceLinks({
  incident: { place },
  county,
}: Readonly<{ incident: Incident; county: County | undefined }>): JSX.Element | null {
  const { school, classroom } = place;
  if (county === undefined || school === undefined) return null;
  return (
    <>
      <a href={`/schools/${county.id}/${school}`}>{schoolName(county, school)}</a>
      {classroom !== undefined && (
        <a href={`/classrooms/${county.id}/${school}/${classroom}`}>{roomName(county, school, classroom)}</a>
      )}
    </>
  );
}

function timeText({ from, to }: Incident, timeZone: string): string {
  const t = words.value.incidents;
  const now = hubNow.value;
  const clock = (seconds: number): string => formatSince(seconds, now, timeZone, locale.value);
  return to === undefined
    ? t.since(clock(from), lasting(from, now))
    : t.lasted(clock(from), clock(to), lasting(from, to));
}
