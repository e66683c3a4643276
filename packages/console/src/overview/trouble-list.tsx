import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Spark } from '../api/answers.ts';
import { StateIcon, StateMark } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatDuration, formatMoment, formatSince } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { Sparkline } from './link-cell.tsx';
import { roomAddress } from './room-address.ts';
import './troubles.css';
import { sortTroubles, type Trouble, type TroubleOrder } from './troubles.ts';

type TroubleListProps = Readonly<{ troubles: readonly Trouble[]; spark: Spark }>;

/** What is wrong now, before everything else: which classroom, which link, since when. */
export function TroubleList({ troubles, spark }: TroubleListProps): JSX.Element {
  const t = words.value.overview;
  const order = useSignal<TroubleOrder>({ by: 'state', reversed: false });
  const head = (by: TroubleOrder['by'], title: string): JSX.Element => (
    <SortableHead
      title={title}
      order={order.value.by === by ? order.value : undefined}
      choose={() => {
        order.value = { by, reversed: order.value.by === by && !order.value.reversed };
      }}
    />
  );
  const count = troubles.reduce((sum, { rooms }) => sum + rooms.length, 0);
  return (
    <section class="troubles" aria-labelledby="troubles">
      <h2 id="troubles">{t.troubles(count)}</h2>
      <table class="sheet">
        <thead>
          <tr>
            {head('state', t.columns.state)}
            {head('school', t.columns.school)}
            <th scope="col">{t.columns.classroom}</th>
            <th scope="col">{t.columns.what}</th>
            <th scope="col" class="trouble-hour">
              {t.columns.lastHour}
            </th>
            {head('since', t.columns.since)}
          </tr>
        </thead>
        <tbody>
          {sortTroubles(troubles, order.value).map((trouble) => (
            <TroubleRow
              key={`${trouble.county.id}/${trouble.school.id}/${trouble.rooms[0]?.id}`}
              trouble={trouble}
              spark={spark}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type SortableHeadProps = Readonly<{
  title: string;
  /** Present where the list is sorted by this column. */
  order: TroubleOrder | undefined;
  choose: () => void;
}>;

function SortableHead({ title, order, choose }: SortableHeadProps): JSX.Element {
  const sort = order === undefined ? 'none' : order.reversed ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={sort}>
      <button type="button" class="quiet" onClick={choose}>
        {title}
      </button>
    </th>
  );
}

function TroubleRow({ trouble, spark }: { trouble: Trouble; spark: Spark }): JSX.Element {
  const { county, school, rooms, state, telling } = trouble;
  return (
    <tr class={`trouble is-${state}`}>
      <td>
        <StateMark state={state} />
      </td>
      <td class="trouble-school">{inLanguage(school.name)}</td>
      <td class="trouble-rooms">
        {rooms.map(({ id, name }) => (
          <a key={id} href={roomAddress(county, school, id)}>
            {inLanguage(name)}
          </a>
        ))}
      </td>
      <td class="trouble-what">
        <What trouble={trouble} />
      </td>
      <td class="trouble-hour">
        {telling !== undefined && <Sparkline spark={spark.agents[telling.agent]?.[telling.link]} />}
      </td>
      <td class="trouble-since">
        <Since trouble={trouble} />
      </td>
    </tr>
  );
}

function What({ trouble: { links, lost } }: { trouble: Trouble }): JSX.Element {
  const t = words.value;
  if (lost === undefined && links.length === 0) return <span>{t.classroom.noEvidence}</span>;
  return (
    <>
      {lost !== undefined && <span>{t.agentStatesMore[lost]}</span>}
      {links.map(({ link, state }) => (
        <span key={link} class="trouble-link">
          <StateIcon state={state} />
          {t.links[link]} <span class="hint">{t.states[state]}</span>
        </span>
      ))}
    </>
  );
}

function Since({ trouble: { since, county } }: { trouble: Trouble }): JSX.Element {
  if (since === undefined) return <span class="hint">{words.value.overview.neverHeard}</span>;
  const now = hubNow.value;
  // Seconds matter in the first minute only.
  const lasting = now - since < 60 ? now - since : Math.floor((now - since) / 60) * 60;
  return (
    <span title={formatMoment(since, county.timezone, locale.value)}>
      <strong>{formatSince(since, now, county.timezone, locale.value)}</strong>{' '}
      <span class="hint">{formatDuration(lasting, locale.value)}</span>
    </span>
  );
}
