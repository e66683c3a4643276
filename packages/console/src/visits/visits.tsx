import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Places } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { CountyChoice } from '../county-choice.tsx';
import { Problem } from '../design/problem.tsx';
import { words } from '../language/language.ts';
import { CountyVisits } from './county-visits.tsx';
import './visits.css';

/** The register of visits and activities of a county. */
export default function VisitsPage(): JSX.Element {
  const t = words.value.visits;
  const { query } = useLocation();
  const counties = useSignal<readonly County[] | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    get<Places>('places').then(
      (places) => (counties.value = places.counties),
      (error: unknown) => (problem.value = problemText(error)),
    );
  }, []);
  useEffect(() => {
    document.title = `${t.title} · ${words.value.product}`;
  }, [t]);

  if (problem.value !== undefined) return <Problem text={problem.value} />;
  const known = counties.value;
  if (known === undefined) return <p class="waiting">{words.value.loading}</p>;
  const county = known.find(({ id }) => id === query.county) ?? known[0];
  return (
    <div class="visits-page">
      <div class="page-head">
        <h1>{t.title}</h1>
        <CountyChoice counties={known} chosen={county} page="/visits" />
      </div>
      <p class="hint">{t.intro}</p>
      {county !== undefined && <CountyVisits key={county.id} county={county} />}
    </div>
  );
}
