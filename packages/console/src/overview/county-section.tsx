import type { ComponentChildren, JSX } from 'preact';
import type { Classroom, County, LinkKind, School, Spark } from '../api/answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { hasDelay } from './link-cell.tsx';
import { roomAddress, schoolAddress } from './room-address.ts';
import { RoomRow } from './room-row.tsx';
import type { ClusterNode, CountyNode, SchoolNode } from './tree.ts';

type Shown = Readonly<{ links: readonly LinkKind[]; spark: Spark }>;

/** A county with its clusters. */
export function CountySection({ node, ...shown }: Shown & { node: CountyNode }): JSX.Element {
  const { county, clusters } = node;
  return (
    <RoomTable links={shown.links} title={inLanguage(county.name)}>
      {clusters.map((cluster) => (
        <ClusterSection
          key={cluster.id}
          county={county}
          cluster={cluster}
          alone={clusters.length === 1 && cluster.name === undefined}
          {...shown}
        />
      ))}
    </RoomTable>
  );
}

type RoomTableProps = Readonly<{
  links: readonly LinkKind[];
  title: string;
  children: ComponentChildren;
}>;

/** Title and head of a table of schools with their classrooms. */
export function RoomTable({ links, title, children }: RoomTableProps): JSX.Element {
  const t = words.value.overview;
  const columns = links.map((link) => (hasDelay(link) ? 'minmax(0, 1fr)' : '6rem'));
  return (
    <section
      class={links.every(hasDelay) ? 'county' : 'county has-dishes'}
      style={{ '--links': columns.join(' ') }}
    >
      <div class="county-head">
        <h2>{title}</h2>
        <p class="hint">{t.lastHour}</p>
      </div>
      <div class="columns" aria-hidden="true">
        <span>{t.columns.school}</span>
        <span>{t.columns.classroom}</span>
        {links.map((link) => (
          <span key={link}>{words.value.links[link]}</span>
        ))}
        <span>{t.columns.agent}</span>
      </div>
      {children}
    </section>
  );
}

type ClusterProps = Shown & Readonly<{ county: County; cluster: ClusterNode; alone: boolean }>;

function ClusterSection({ county, cluster, alone, ...shown }: ClusterProps): JSX.Element {
  return (
    <div class="cluster">
      {!alone && <h3>{cluster.name ? inLanguage(cluster.name) : words.value.overview.noCluster}</h3>}
      {cluster.schools.map((node) => (
        <SchoolSection key={node.school.id} county={county} node={node} {...shown}>
          {node.school.unmeasuredTargets.length > 0 && (
            <p class="unmeasured-mark">{words.value.unmeasured.title}</p>
          )}
        </SchoolSection>
      ))}
    </div>
  );
}

type SchoolProps = Shown &
  Readonly<{
    county: County;
    node: SchoolNode;
    /** What else there is to say below its name. */
    children?: ComponentChildren;
  }>;

/** A school with its classrooms. */
export function SchoolSection({ county, node, children, ...shown }: SchoolProps): JSX.Element {
  const { school, rooms, bare } = node;
  return (
    <section class="school" style={{ '--rooms': String(Math.max(1, rooms.length)) }}>
      <header>
        <h4>
          <a href={schoolAddress(county, school)}>{inLanguage(school.name)}</a>
        </h4>
        <p>{kindOf(school)}</p>
        {children}
        {bare.length > 0 && <BareRooms county={county} school={school} rooms={bare} />}
      </header>
      <ul>
        {rooms.map((room) => (
          <RoomRow key={room.classroom.id} county={county} school={school} room={room} {...shown} />
        ))}
      </ul>
    </section>
  );
}

type BareRoomsProps = Readonly<{ county: County; school: School; rooms: readonly Classroom[] }>;

/** Classrooms without an agent: there may be many, and they have nothing to say yet. */
function BareRooms({ county, school, rooms }: BareRoomsProps): JSX.Element {
  return (
    <details class="bare">
      <summary>{words.value.overview.withoutAgent(rooms.length)}</summary>
      {rooms.map(({ id, name }) => (
        <a key={id} href={roomAddress(county, school, id)}>
          {inLanguage(name)}
        </a>
      ))}
    </details>
  );
}

function kindOf({ level, mode }: School): string {
  const t = words.value;
  return [level && t.levels[level], mode && t.modes[mode]].filter(Boolean).join(' · ');
}
