import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Me } from '../api/answers.ts';
import { BandwidthPanel } from '../bandwidth/bandwidth-panel.tsx';
import { SchoolIncidents } from '../incidents/school-incidents.tsx';
import { inLanguage, words } from '../language/language.ts';
import { RoomTable, SchoolSection } from '../overview/county-section.tsx';
import { fleet, followFleet } from '../overview/fleet.ts';
import { FleetLoading } from '../overview/fleet-loading.tsx';
import { Stale, stale } from '../overview/stale.tsx';
import { buildTree, linksOf } from '../overview/tree.ts';
import './school.css';
import { SunOutagesPanel } from './sun-outages-panel.tsx';
import { UnmeasuredNote } from './unmeasured-note.tsx';

/** One school: its classrooms now, and what concerns all of them. */
export default function SchoolPage({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const { params } = useRoute();
  useEffect(followFleet, []);
  const now = fleet.value;
  const county = now?.places.counties.find(({ id }) => id === params.county);
  const school = county?.schools.find(({ id }) => id === params.school);
  const title = school && inLanguage(school.name);
  useEffect(() => {
    document.title = `${title ?? ''} · ${t.product}`;
  }, [title, t]);

  if (now === undefined) return <FleetLoading />;
  if (county === undefined || school === undefined)
    return (
      <div class="empty">
        <h1>{t.school.missing}</h1>
        <a href="/">{t.toOverview}</a>
      </div>
    );

  const agents = now.agents.filter(({ place }) => place.county === county.id && place.school === school.id);
  const alone = [{ ...county, schools: [school] }];
  const nodes = buildTree(alone, agents, { onlyTrouble: false, search: '' })
    .flatMap(({ clusters }) => clusters)
    .flatMap(({ schools }) => schools);
  const links = linksOf(agents);
  const roomOf = (agent: string): string => {
    const room = school.classrooms.find(({ agents: living }) => living.includes(agent));
    return room === undefined ? agent : inLanguage(room.name);
  };
  return (
    <div class={stale.value ? 'school-page is-stale' : 'school-page'}>
      <nav class="crumbs" aria-label={t.toOverview}>
        <a href="/">{inLanguage(county.name)}</a>
      </nav>
      <div class="page-head">
        <h1>{inLanguage(school.name)}</h1>
      </div>
      <Stale />
      {school.unmeasuredTargets.length > 0 && <UnmeasuredNote me={me} county={county} school={school} />}
      {nodes.length === 0 ? (
        <p class="empty">{t.school.noRooms}</p>
      ) : (
        <RoomTable links={links} title={t.school.rooms}>
          {nodes.map((node) => (
            <SchoolSection key={node.school.id} county={county} node={node} links={links} spark={now.spark} />
          ))}
        </RoomTable>
      )}
      <SchoolIncidents county={county} school={school} />
      <div class="panels">
        <SunOutagesPanel county={county} school={school} />
        <BandwidthPanel county={county} of={{ school: school.id }} roomOf={roomOf} />
      </div>
    </div>
  );
}
