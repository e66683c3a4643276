import type { JSX } from 'preact';
import type { AgentPresent, County, LinkKind, School, Spark } from '../api/answers.ts';
import { StateIcon } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatAgo, formatMoment } from '../format/time.ts';
import { formatCount } from '../format/value.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { LinkCell } from './link-cell.tsx';
import { roomAddress } from './room-address.ts';
import type { RoomNode } from './tree.ts';

type RoomRowProps = Readonly<{
  county: County;
  school: School;
  room: RoomNode;
  links: readonly LinkKind[];
  spark: Spark;
}>;

/** One classroom; where it has several agents, a line each. */
export function RoomRow({ county, school, room, links, spark }: RoomRowProps): JSX.Element {
  const t = words.value;
  return (
    <li class={`room is-${room.state}`}>
      <a class="room-name" href={roomAddress(county, school, room.classroom.id)}>
        <StateIcon state={room.state} />
        <span>{inLanguage(room.classroom.name)}</span>
        <span class="sr-only">{t.states[room.state]}</span>
      </a>
      <div class="room-agents">
        {room.agents.map((agent) => (
          <div class="room-agent" key={agent.id}>
            {links.map((link) => (
              <LinkCell
                key={link}
                link={link}
                present={agent.links.find((present) => present.link === link)}
                spark={spark.agents[agent.id]?.[link]}
              />
            ))}
            <AgentCell agent={agent} timeZone={county.timezone} />
          </div>
        ))}
      </div>
    </li>
  );
}

/** Backlogs of one sending interval are usual and not worth a word. */
const backlogWorthSaying = 200;

function AgentCell({ agent, timeZone }: { agent: AgentPresent; timeZone: string }): JSX.Element {
  const t = words.value;
  const heard =
    agent.lastSeen === undefined
      ? t.overview.neverHeard
      : formatAgo(agent.lastSeen, hubNow.value, locale.value);
  const exact =
    agent.lastSeen === undefined ? undefined : formatMoment(agent.lastSeen, timeZone, locale.value);
  return (
    <div class={`agent-cell is-${agent.state}`}>
      <span class="agent-state" title={t.agentStatesMore[agent.state]}>
        {t.agentStates[agent.state]}
      </span>
      <span class="agent-heard" title={exact}>
        {heard}
      </span>
      {(agent.backlog ?? 0) > backlogWorthSaying && (
        <span class="agent-backlog">{t.overview.backlog(formatCount(agent.backlog ?? 0, locale.value))}</span>
      )}
    </div>
  );
}
