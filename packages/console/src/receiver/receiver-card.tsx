import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AgentPresent, Sample } from '../api/answers.ts';
import { ChartCard, type ChartSetting } from '../classroom/chart-card.tsx';
import type { Chart } from '../classroom/plan.ts';
import { sameTags } from '../classroom/table.ts';
import { targetName } from '../classroom/target.ts';
import { StateIcon } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatAgo, formatClock, formatMoment, formatSince } from '../format/time.ts';
import { locale, words } from '../language/language.ts';
import { fleet, loadFleet } from '../overview/fleet.ts';
import { sunAt } from '../school/next-outages.ts';
import { useSunOutages } from '../school/sun-outage-data.ts';
import { lockOf, stripOf } from './lock-history.ts';
import { LockStrip } from './lock-strip.tsx';
import { neighboursOf } from './neighbours.ts';
import './receiver.css';
import { KeyFigures, SignalFacts } from './signal-figures.tsx';
import { type Since, useSince } from './since.ts';
import { type Verdict, verdictOf, verdictStates } from './verdict.ts';

type ReceiverCardProps = ChartSetting &
  Readonly<{ agent: AgentPresent; reading: Sample; charts: readonly Chart[] }>;

/** One receiver and its dish, as whoever stands before the rack wants to see it: what it is now, since when, what to do. */
export function ReceiverCard({ agent, reading, charts, ...setting }: ReceiverCardProps): JSX.Element {
  const { catalogue, tables, grid, county } = setting;
  const t = words.value;
  const { tags, fields, time } = reading;
  const verdict = verdictOf(reading, catalogue.signal?.fields.margin_db?.limits ?? [], hubNow.value);
  const since = useSince(agent.id, tags, lockOf(fields.locked, fields.ok));
  const timeZone = county.timezone;
  const heard = typeof fields.locked === 'boolean';
  const lowest = (field: string): readonly (number | null)[] => {
    const state = tables.table({ measurement: 'signal', field, agg: 'min', link: tags.link }).value;
    const lines = state.state === 'ready' ? state.table.lines : [];
    return lines.find((line) => sameTags(line.tags, tags))?.values ?? [];
  };
  return (
    <section class="sheet panel receiver" aria-label={t.receiver.title}>
      <header>
        <h2>{tags.target === undefined ? t.receiver.title : targetName(tags.target, county)}</h2>
        <span class="hint" title={formatMoment(time, timeZone, locale.value)}>
          {(heard ? t.receiver.read : t.receiver.asked)(formatAgo(time, hubNow.value, locale.value))}
        </span>
      </header>
      <div class="receiver-now">
        <p class={`verdict is-${verdictStates[verdict]}`}>
          <StateIcon state={verdictStates[verdict]} />
          <strong>{t.receiver.verdicts[verdict]}</strong>
          {verdict !== 'old' && <SinceWhen since={since.value} timeZone={timeZone} />}
        </p>
        {verdict !== 'good' && (
          <Advice key={verdict} agent={agent} reading={reading} verdict={verdict} timeZone={timeZone} />
        )}
        <KeyFigures reading={reading} catalogue={catalogue} />
        <LockStrip strip={stripOf(lowest('locked'), lowest('ok'))} grid={grid} timeZone={timeZone} />
        <div class="charts">
          {charts.map((plan) => (
            <ChartCard key={plan.id} plan={plan} {...setting} />
          ))}
        </div>
      </div>
      <div class="receiver-figures">
        {heard ? (
          <SignalFacts reading={reading} catalogue={catalogue} />
        ) : (
          <p class="hint">{t.receiver.nothingTold}</p>
        )}
      </div>
    </section>
  );
}

function SinceWhen({
  since,
  timeZone,
}: Readonly<{ since: Since | undefined; timeZone: string }>): JSX.Element | null {
  if (since === undefined) return null;
  const t = words.value;
  const when = formatSince(since.time, hubNow.value, timeZone, locale.value);
  return (
    <span title={formatMoment(since.time, timeZone, locale.value)}>
      {since.orEarlier ? t.receiver.sinceOrEarlier(when) : t.classroom.since(when)}
    </span>
  );
}

type AdviceProps = Readonly<{
  agent: AgentPresent;
  reading: Sample;
  verdict: Exclude<Verdict, 'good'>;
  timeZone: string;
}>;

/** What to do: nothing while the Sun is behind the satellite; else where to look, and what other dishes say of it. */
function Advice({ agent, reading, verdict, timeZone }: AdviceProps): JSX.Element {
  const t = words.value;
  useEffect(() => {
    // What is known of the others may be as old as the page.
    if (verdict === 'unlocked') void loadFleet(false);
  }, [verdict]);
  const sunOutages = useSunOutages(agent.place.county, agent.place.school).value;
  const sun = sunOutages.state === 'ready' ? sunAt(sunOutages.answer, hubNow.value) : undefined;
  const errors: Readonly<Record<string, string>> = t.failures.errors;
  const { error } = reading.fields;
  const { receiving, without } = neighboursOf(fleet.value?.agents ?? [], agent);
  const answered = verdict === 'unlocked' || verdict === 'weak' || verdict === 'erring';
  if (answered && sun?.kind === 'now')
    return (
      <p>
        <strong>{t.sunOutages.now(formatClock(sun.outage.end, timeZone, locale.value, false))}</strong>
      </p>
    );
  return (
    <>
      <p>{t.receiver.advice[verdict]}</p>
      {typeof error === 'string' && !answered && verdict !== 'old' && (
        <p>
          <code>{errors[error] ?? error}</code>
        </p>
      )}
      {verdict === 'unlocked' && receiving + without > 0 && (
        <p>
          <strong>{receiving > 0 ? t.receiver.onlyHere(receiving) : t.receiver.everywhere(without)}</strong>
        </p>
      )}
    </>
  );
}
