import type { JSX } from 'preact';
import type { AgentPresent } from '../api/answers.ts';
import { StateMark } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatAgo, formatMoment, formatSince } from '../format/time.ts';
import { locale, words } from '../language/language.ts';

/** The agent and the present state of each of its links. */
export function LinksPanel({ agent, timeZone }: { agent: AgentPresent; timeZone: string }): JSX.Element {
  const t = words.value;
  const moment = (seconds: number): string => formatMoment(seconds, timeZone, locale.value);
  const measured = agent.links.filter(({ measuredAt }) => measuredAt !== undefined);
  return (
    <section class="sheet panel">
      <h2>{t.classroom.links}</h2>
      <ul class="link-list">
        {measured.map(({ link, state, since, measuredAt = 0 }) => (
          <li key={link}>
            <span class="link-list-name">{t.links[link]}</span>
            <StateMark state={state} />
            <span class="hint" title={moment(since)}>
              {t.classroom.since(formatSince(since, hubNow.value, timeZone, locale.value))}
            </span>
            <span class="hint" title={moment(measuredAt)}>
              {t.classroom.evidence(formatAgo(measuredAt, hubNow.value, locale.value))}
            </span>
          </li>
        ))}
        {measured.length === 0 && <li class="hint">{t.classroom.noEvidence}</li>}
      </ul>
      <p class={`agent-line is-${agent.state}`}>
        <span>
          {t.classroom.agent} <code>{agent.id}</code>
        </span>
        <span class="agent-state" title={t.agentStatesMore[agent.state]}>
          {t.agentStates[agent.state]}
        </span>
        {agent.lastSeen !== undefined && (
          <span title={moment(agent.lastSeen)}>
            {t.classroom.lastSeen(formatAgo(agent.lastSeen, hubNow.value, locale.value))}
          </span>
        )}
        {agent.version !== undefined && (
          <span>
            {t.classroom.version} {agent.version}
          </span>
        )}
      </p>
    </section>
  );
}
