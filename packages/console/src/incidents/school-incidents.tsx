import type { JSX } from 'preact';
import type { County, School } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { fleet } from '../overview/fleet.ts';
import { IncidentTable } from './incident-table.tsx';
import './school-incidents.css';

/** What goes on at a school, and the way to what was. */
export function SchoolIncidents({
  county,
  school,
}: Readonly<{ county: County; school: School }>): JSX.Element {
  const t = words.value.incidents;
  const { places, incidents = [] } = fleet.value ?? {};
  const here = incidents.filter(
    ({ place, schools }) => place.county === county.id && schools.includes(school.id),
  );
  const query = new URLSearchParams({ span: '30d', school: `${county.id}/${school.id}` });
  return (
    <section class="school-incidents" aria-labelledby="school-incidents">
      <div class="county-head">
        <h2 id="school-incidents">{t.ofSchool}</h2>
        <a href={`/incidents?${query}`}>{t.allOfSchool}</a>
      </div>
      {here.length === 0 || places === undefined ? (
        <p class="hint">{t.none}</p>
      ) : (
        <IncidentTable incidents={here} places={places} title={t.ofSchool} />
      )}
    </section>
  );
}
