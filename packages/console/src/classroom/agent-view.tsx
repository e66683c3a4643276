import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { AgentPresent, County, Sample } from '../api/answers.ts';
import { problemText } from '../api/problem.ts';
import { BandwidthPanel } from '../bandwidth/bandwidth-panel.tsx';
import { hubNow, hubTime } from '../format/clock.ts';
import { words } from '../language/language.ts';
import { stale } from '../overview/stale.tsx';
import { ReceiverCard } from '../receiver/receiver-card.tsx';
import { StreamsPanel } from '../receiver/streams-panel.tsx';
import { ChartGroups } from './chart-groups.tsx';
import { DeliveryPanel } from './delivery-panel.tsx';
import { FailuresPanel } from './failures-panel.tsx';
import { LinksPanel } from './links-panel.tsx';
import { isOfDish, planCharts, withoutDishes } from './plan.ts';
import { gridOf, type TimeRange } from './range.ts';
import { RangeChooser } from './range-chooser.tsx';
import { catalogue, followAgent, latest, ledger } from './room-data.ts';
import { sameTags } from './table.ts';
import { openTables } from './tables.ts';

type AgentViewProps = Readonly<{
  agent: AgentPresent;
  county: County;
  range: TimeRange;
  choose: (range: TimeRange) => void;
}>;

/** One agent's links, charts, delivery and failures, kept live. */
export function AgentView({ agent, county, range, choose }: AgentViewProps): JSX.Element {
  const t = words.value;
  const timeZone = county.timezone;
  const problem = useSignal<string | undefined>(undefined);
  const rangeKey = JSON.stringify(range);
  const grid = useSignal(gridOf(range, hubTime()));
  const tables = useMemo(() => {
    grid.value = gridOf(range, hubTime());
    return openTables(agent.id, grid.peek());
  }, [agent.id, rangeKey]);

  useEffect(() => () => tables.stop(), [tables]);
  useEffect(
    () =>
      followAgent(agent.id, {
        samples: (samples) => tables.arrive(samples),
        resumed: () => tables.refresh(),
        failed: (error) => (problem.value = problemText(error)),
      }),
    [agent.id, tables, problem],
  );
  useSignalEffect(() => {
    const next = gridOf(range, hubNow.value);
    if (next.from === grid.peek().from) return;
    grid.value = next;
    tables.slide(next);
  });

  // The plan changes when a series appears, not with every sample.
  const series = (latest.value ?? []).map(({ measurement, tags }) => [measurement, tags]);
  const definitions = catalogue.value;
  const groups = useMemo(
    () => (definitions === undefined ? [] : planCharts(latest.value ?? [], definitions)),
    [JSON.stringify(series), definitions],
  );

  const of = (measurement: string): readonly Sample[] =>
    (latest.value ?? []).filter((sample) => sample.measurement === measurement);
  const [readings, streams] = [of('signal'), of('mpegts')];
  const dishCharts = groups.flatMap(({ charts }) => charts.filter(isOfDish));
  const setting = {
    tables,
    grid: grid.value,
    county,
    select: (from: number, to: number): void => choose({ kind: 'fixed', from, to }),
  };
  return (
    <div class={stale.value ? 'is-stale' : ''}>
      {definitions !== undefined &&
        readings.map((reading) => (
          <ReceiverCard
            key={JSON.stringify(reading.tags)}
            agent={agent}
            reading={reading}
            charts={dishCharts.filter(({ lines }) => sameTags(lines[0]?.tags ?? {}, reading.tags))}
            catalogue={definitions}
            {...setting}
          />
        ))}
      {streams.length > 0 && (
        <StreamsPanel streams={streams} tables={tables} grid={grid.value} county={county} />
      )}
      <div class="panels">
        <LinksPanel agent={agent} timeZone={timeZone} />
        <DeliveryPanel agent={agent} latest={latest.value} ledger={ledger.value} />
      </div>
      <div class="range-bar">
        <h2>{t.classroom.charts}</h2>
        <RangeChooser range={range} timeZone={timeZone} choose={choose} />
        <p class="hint">
          {range.kind === 'recent' && <span class="live-dot">{t.classroom.live}</span>}
          {t.classroom.zone(timeZone)}
        </p>
      </div>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {definitions !== undefined && (
        <ChartGroups groups={withoutDishes(groups)} agent={agent} catalogue={definitions} {...setting} />
      )}
      {county.targets.some(({ probe }) => probe === 'throughput') && (
        <BandwidthPanel county={county} of={{ agent: agent.id }} />
      )}
      {definitions !== undefined && latest.value !== undefined && (
        <FailuresPanel
          key={rangeKey}
          agent={agent.id}
          catalogue={definitions}
          latest={latest.value}
          grid={grid.value}
          county={county}
        />
      )}
    </div>
  );
}
