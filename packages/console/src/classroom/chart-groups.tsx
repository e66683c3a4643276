import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AgentPresent } from '../api/answers.ts';
import { StateMark } from '../design/state.tsx';
import { words } from '../language/language.ts';
import { ChartCard, type ChartSetting } from './chart-card.tsx';
import type { ChartGroup } from './plan.ts';

type ChartGroupsProps = ChartSetting & Readonly<{ groups: readonly ChartGroup[]; agent: AgentPresent }>;

/** All charts of an agent by link; of each the telling ones, the others when asked for. */
export function ChartGroups({ groups, agent, ...setting }: ChartGroupsProps): JSX.Element {
  return (
    <>
      {groups.map((group) => (
        <GroupSection
          key={group.id}
          group={group}
          state={agent.links.find(({ link }) => link === group.id)?.state}
          {...setting}
        />
      ))}
    </>
  );
}

type GroupProps = ChartSetting &
  Readonly<{ group: ChartGroup; state?: AgentPresent['links'][number]['state'] | undefined }>;

function GroupSection({ group, state, ...setting }: GroupProps): JSX.Element {
  const t = words.value;
  const open = useSignal(false);
  const titles: Readonly<Record<string, string>> = { ...t.links, ...t.classroom.groups };
  const title = titles[group.id] ?? group.id;
  return (
    <section class="group" aria-label={title}>
      <h3>
        {title} {state && <StateMark state={state} />}
      </h3>
      <div class="charts">
        {group.charts.map((plan) => (
          <ChartCard key={plan.id} plan={plan} {...setting} />
        ))}
      </div>
      {group.more.length > 0 && (
        <details class="more" onToggle={(event) => (open.value = event.currentTarget.open)}>
          <summary>{t.classroom.more(title, group.more.length)}</summary>
          {open.value && (
            <div class="charts">
              {group.more.map((plan) => (
                <ChartCard key={plan.id} plan={plan} {...setting} />
              ))}
            </div>
          )}
        </details>
      )}
    </section>
  );
}
