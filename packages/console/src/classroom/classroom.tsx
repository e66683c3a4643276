import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { AgentPresent, Classroom, County, Me, School } from '../api/answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { AddMachine } from '../overview/add-machine.tsx';
import { fleet, loadFleet } from '../overview/fleet.ts';
import { FleetLoading } from '../overview/fleet-loading.tsx';
import { schoolAddress } from '../overview/room-address.ts';
import { Stale } from '../overview/stale.tsx';
import { AgentView } from './agent-view.tsx';
import './classroom.css';
import { readRange, type TimeRange, writeRange } from './range.ts';

/** One classroom: its links now, each metric over a chosen time, and what became of its measurements. */
export default function ClassroomPage({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const { params, query } = useRoute();
  const adding = useSignal(false);
  const { route, path } = useLocation();
  useEffect(() => {
    if (fleet.value === undefined) void loadFleet(true);
  }, []);
  const now = fleet.value;
  const place = now && find(now.places.counties, params);
  const title = place && `${inLanguage(place.room.name)} · ${inLanguage(place.school.name)}`;
  useEffect(() => {
    document.title = `${title ?? ''} · ${t.product}`;
  }, [title, t]);

  if (now === undefined) return <FleetLoading />;
  if (place === undefined)
    return (
      <div class="empty room-page">
        <h1>{t.classroom.missing}</h1>
        <a href="/">{t.toOverview}</a>
      </div>
    );

  const { county, school, room } = place;
  const agents = now.agents.filter(
    (agent) =>
      agent.place.county === county.id &&
      agent.place.school === school.id &&
      agent.place.classroom === room.id,
  );
  const agent = agents.find(({ id }) => id === query.agent) ?? agents[0];
  const go = (next: Readonly<Record<string, string>>): void => route(`${path}?${new URLSearchParams(next)}`);
  const range = readRange(query);
  const kept = query.agent === undefined ? {} : { agent: query.agent };
  return (
    <div class="room-page">
      <nav class="crumbs" aria-label={t.toOverview}>
        <a href="/">{inLanguage(county.name)}</a>
        <span aria-hidden="true">›</span>
        <a href={schoolAddress(county, school)}>{inLanguage(school.name)}</a>
      </nav>
      <div class="page-head">
        <h1>
          {inLanguage(school.name)} {inLanguage(room.name)}
        </h1>
        <Classes room={room} />
        {me.role === 'admin' && (
          <button
            type="button"
            class={agent === undefined ? 'primary' : ''}
            onClick={() => (adding.value = true)}
          >
            {t.addMachine.open}
          </button>
        )}
      </div>
      <Stale />
      {adding.value && (
        <AddMachine
          counties={now.places.counties}
          seat={{ county: county.id, school: school.id, classroom: room.id }}
          done={() => (adding.value = false)}
        />
      )}
      {agents.length > 1 && (
        <AgentTabs agents={agents} chosen={agent} choose={(id) => go({ ...writeRange(range), agent: id })} />
      )}
      {agent === undefined ? (
        <p class="empty">{t.classroom.noAgent}</p>
      ) : (
        <AgentView
          key={agent.id}
          agent={agent}
          county={county}
          range={range}
          choose={(chosen: TimeRange) => go({ ...writeRange(chosen), ...kept })}
        />
      )}
    </div>
  );
}

type Found = Readonly<{ county: County; school: School; room: Classroom }>;

function find(counties: readonly County[], params: Readonly<Record<string, string>>): Found | undefined {
  const county = counties.find(({ id }) => id === params.county);
  const school = county?.schools.find(({ id }) => id === params.school);
  const room = school?.classrooms.find(({ id }) => id === params.classroom);
  return county && school && room && { county, school, room };
}

/** Only where they are not the room's own name again. */
function Classes({ room }: { room: Classroom }): JSX.Element | null {
  const names = room.classes
    .map(({ name }) => inLanguage(name))
    .filter((name) => name !== inLanguage(room.name));
  if (names.length === 0) return null;
  return (
    <p class="hint">
      {words.value.classroom.classes} {names.join(words.value.listComma)}
    </p>
  );
}

type AgentTabsProps = Readonly<{
  agents: readonly AgentPresent[];
  chosen: AgentPresent | undefined;
  choose: (id: string) => void;
}>;

function AgentTabs({ agents, chosen, choose }: AgentTabsProps): JSX.Element {
  const t = words.value;
  return (
    <fieldset class="agent-tabs">
      <legend>{t.classroom.agents}</legend>
      {agents.map(({ id, state }) => (
        <button key={id} type="button" aria-pressed={id === chosen?.id} onClick={() => choose(id)}>
          {id} · {t.agentStates[state]}
        </button>
      ))}
    </fieldset>
  );
}
