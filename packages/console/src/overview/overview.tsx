import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Me } from '../api/answers.ts';
import { StateIcon } from '../design/state.tsx';
import { OpenIncidents } from '../incidents/open-incidents.tsx';
import { words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';
import { keepPreference, readPreference } from '../session/preference.ts';
import './overview.css';
import { AddMachine } from './add-machine.tsx';
import { CountySection } from './county-section.tsx';
import { fleet, followFleet } from './fleet.ts';
import { FleetLoading } from './fleet-loading.tsx';
import { SetAsideNotes } from './set-aside-notes.tsx';
import { Stale, stale } from './stale.tsx';
import { SummaryStrip } from './summary-strip.tsx';
import { buildTree, linksOf, summarise } from './tree.ts';
import { TroubleList } from './trouble-list.tsx';
import { troublesOf } from './troubles.ts';

/** The first page: every classroom with its links' present state and last hour. */
export function Overview({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const onlyTrouble = useSignal(readPreference('only-trouble') === 'yes');
  const search = useSignal('');
  const adding = useSignal(false);
  useEffect(followFleet, []);
  useEffect(() => {
    document.title = `${t.overview.title} · ${t.product}`;
  }, [t]);

  const now = fleet.value;
  if (now === undefined) return <FleetLoading />;

  const show = (trouble: boolean): void => {
    onlyTrouble.value = trouble;
    keepPreference('only-trouble', trouble ? 'yes' : 'no');
  };
  const { places, clockBelieved, registryRead, setAside, agents, spark, incidents } = now;
  const tree = buildTree(places.counties, agents, { onlyTrouble: onlyTrouble.value, search: search.value });
  const troubles = troublesOf(
    buildTree(places.counties, agents, { onlyTrouble: true, search: search.value }),
  );
  const addButton = me.role === 'admin' && places.counties.length > 0 && (
    <button type="button" onClick={() => (adding.value = true)} class={agents.length === 0 ? 'primary' : ''}>
      {t.addMachine.open}
    </button>
  );

  return (
    <div class={stale.value ? 'overview is-stale' : 'overview'}>
      <div class="page-head">
        <h1>{t.overview.title}</h1>
        {agents.length > 0 && addButton}
      </div>
      <Stale />
      {!clockBelieved && (
        <p class="problem" role="status">
          {t.overview.clockDoubted}
        </p>
      )}
      {!registryRead && (
        <p class="problem" role="status">
          {t.overview.registryUnread}
        </p>
      )}
      <SetAsideNotes files={setAside} timeZone={places.counties[0]?.timezone} />
      {agents.length > 0 && (
        <div class="bar">
          <SummaryStrip rooms={summarise(places.counties, agents)} />
          <div class="filters">
            <fieldset class="segments">
              <legend class="sr-only">{t.overview.show}</legend>
              <Segment name="show" checked={!onlyTrouble.value} choose={() => show(false)}>
                {t.overview.all}
              </Segment>
              <Segment name="show" checked={onlyTrouble.value} choose={() => show(true)}>
                {t.overview.trouble}
              </Segment>
            </fieldset>
            <input
              type="search"
              aria-label={t.overview.search}
              placeholder={t.overview.search}
              value={search.value}
              onInput={(event) => (search.value = event.currentTarget.value)}
            />
          </div>
        </div>
      )}
      {places.counties.length === 0 && <NoPlaces />}
      {places.counties.length > 0 && agents.length === 0 && (
        <div class="empty sheet">
          <h2>{t.overview.noAgents}</h2>
          <p>{t.overview.noAgentsMore}</p>
          {addButton}
        </div>
      )}
      <OpenIncidents incidents={incidents} places={places} />
      {troubles.length > 0 && <TroubleList troubles={troubles} spark={spark} />}
      {agents.length > 0 && troubles.length === 0 && tree.length > 0 && search.value === '' && (
        <p class="all-good">
          <StateIcon state="good" />
          {t.overview.noTrouble}
        </p>
      )}
      {agents.length > 0 && tree.length === 0 && (
        <p class="empty">{search.value === '' ? t.overview.noTrouble : t.overview.noMatch(search.value)}</p>
      )}
      {agents.length > 0 &&
        tree.map((node) => (
          <CountySection key={node.county.id} node={node} links={linksOf(agents)} spark={spark} />
        ))}
      {adding.value && <AddMachine counties={places.counties} done={() => (adding.value = false)} />}
    </div>
  );
}

function NoPlaces(): JSX.Element {
  const t = words.value.overview;
  return (
    <div class="empty sheet">
      <h2>{t.noPlaces}</h2>
      <p>{t.noPlacesMore}</p>
      <code class="command">npx tongtang inventory import county.yaml</code>
    </div>
  );
}
