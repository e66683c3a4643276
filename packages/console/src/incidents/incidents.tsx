import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { IncidentList, Places } from '../api/answers.ts';
import { problemText } from '../api/problem.ts';
import { Problem } from '../design/problem.tsx';
import { StateIcon } from '../design/state.tsx';
import { hubTime } from '../format/clock.ts';
import { momentIn, wallClock } from '../format/time.ts';
import { inLanguage, words } from '../language/language.ts';
import { fleet, loadFleet } from '../overview/fleet.ts';
import { FleetLoading } from '../overview/fleet-loading.tsx';
import { Segment } from '../session/choices.tsx';
import { IncidentTable } from './incident-table.tsx';
import './incidents.css';
import { useLiveAnswer } from './live-answer.ts';

const spans = ['open', 'today', '7d', '30d'] as const;
type Span = (typeof spans)[number];

/** What broke, where, since when: what goes on first. */
export default function IncidentsPage(): JSX.Element {
  const t = words.value;
  useEffect(() => {
    if (fleet.value === undefined) void loadFleet(true);
  }, []);
  useEffect(() => {
    document.title = `${t.incidents.title} · ${t.product}`;
  }, [t]);
  if (fleet.value === undefined) return <FleetLoading />;
  return <Incidents places={fleet.value.places} />;
}

function Incidents({ places }: { places: Places }): JSX.Element {
  const t = words.value.incidents;
  const { query } = useRoute();
  const { route } = useLocation();
  const span = spans.find((known) => known === query.span) ?? 'open';
  const [county = '', school = ''] = (query.school ?? '').split('/');
  const { timezone = 'UTC' } = places.counties.find(({ id }) => id === county) ?? places.counties[0] ?? {};
  const state = useLiveAnswer<IncidentList>(`${span} ${county}/${school}`, 'incidents', () => ({
    ...(school !== '' && { county, school }),
    ...spanQuery(span, timezone),
  }));
  const go = (next: Readonly<{ span?: Span; school?: string }>): void => {
    const kept = { span, ...(school !== '' && { school: `${county}/${school}` }), ...next };
    const filled = Object.entries(kept).filter(([, value]) => value !== '');
    route(`/incidents?${new URLSearchParams(filled)}`);
  };
  const { answer, error } = state.value;
  return (
    <div class="incidents-page">
      <div class="page-head">
        <h1>{t.title}</h1>
        <div class="filters">
          <fieldset class="segments">
            <legend class="sr-only">{t.span}</legend>
            {spans.map((name) => (
              <Segment key={name} name="span" checked={span === name} choose={() => go({ span: name })}>
                {t.spans[name]}
              </Segment>
            ))}
          </fieldset>
          <SchoolChoice
            places={places}
            chosen={school === '' ? '' : `${county}/${school}`}
            choose={(chosen) => go({ school: chosen })}
          />
        </div>
      </div>
      {error !== undefined && answer !== undefined && (
        <p class="stale-note" role="status">
          {problemText(error)}
        </p>
      )}
      <Listed answer={answer} error={error} places={places} span={span} />
    </div>
  );
}

type ListedProps = Readonly<{
  answer: IncidentList | undefined;
  error: unknown;
  places: Places;
  span: Span;
}>;

function Listed({ answer, error, places, span }: ListedProps): JSX.Element {
  const t = words.value.incidents;
  if (answer === undefined)
    return error === undefined ? (
      <p class="waiting">{words.value.loading}</p>
    ) : (
      <Problem text={problemText(error)} />
    );
  if (answer.incidents.length > 0)
    return <IncidentTable incidents={answer.incidents} places={places} title={t.title} />;
  return (
    <div class="empty sheet">
      <p class="all-good">
        <StateIcon state="good" />
        {span === 'open' ? t.none : t.noneInSpan}
      </p>
      {span === 'open' && <p>{t.noneMore}</p>}
    </div>
  );
}

type SchoolChoiceProps = Readonly<{
  places: Places;
  /** `county/school`, or nothing. */
  chosen: string;
  choose: (school: string) => void;
}>;

function SchoolChoice({ places, chosen, choose }: SchoolChoiceProps): JSX.Element {
  const t = words.value.incidents;
  return (
    <select aria-label={t.school} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{t.allSchools}</option>
      {places.counties.map((county) => (
        <optgroup key={county.id} label={inLanguage(county.name)}>
          {county.schools.map((school) => (
            <option key={school.id} value={`${county.id}/${school.id}`}>
              {inLanguage(school.name)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

/** What the hub is asked: of today, from midnight of the county. */
function spanQuery(span: Span, timeZone: string): Record<string, string> {
  switch (span) {
    case 'open':
      return { over: 'false' };
    case 'today': {
      const now = hubTime();
      const midnight = momentIn(`${wallClock(now, timeZone).slice(0, 10)}T00:00`, timeZone) ?? now;
      return { from: new Date(midnight * 1000).toISOString() };
    }
    default:
      return { from: `-${span}` };
  }
}
