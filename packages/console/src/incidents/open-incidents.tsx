import type { JSX } from 'preact';
import type { IncidentSummary, Places } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { headline, incidentAddress } from './incident-text.ts';
import './open-incidents.css';
import { inOrder } from './order.ts';
import { SeverityMark } from './severity-mark.tsx';

/** More would push down what the first page is for. */
const mostNamed = 3;

type OpenIncidentsProps = Readonly<{ incidents: readonly IncidentSummary[]; places: Places }>;

/** How many incidents go on, and the gravest by name. */
export function OpenIncidents({ incidents, places }: OpenIncidentsProps): JSX.Element | null {
  if (incidents.length === 0) return null;
  const t = words.value.incidents;
  return (
    <section class="open-incidents sheet" aria-labelledby="open-incidents">
      <h2 id="open-incidents">
        <a href="/incidents">{t.open(incidents.length)}</a>
      </h2>
      <ul>
        {inOrder(incidents)
          .slice(0, mostNamed)
          .map((incident) => (
            <li key={incident.id}>
              <SeverityMark severity={incident.severity} />
              <a href={incidentAddress(incident)}>{headline(incident, places)}</a>
            </li>
          ))}
      </ul>
      {incidents.length > mostNamed && (
        <p>
          <a href="/incidents">{t.andMore(incidents.length - mostNamed)}</a>
        </p>
      )}
    </section>
  );
}
