import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Catalogue, County, Sample, Series } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { formatDuration, formatMoment, formatSecond } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { type Failure, failuresAmong, failuresIn, foldFailures, type Moment } from './failures.ts';
import { endOf, type Grid } from './range.ts';
import { rfc3339 } from './tables.ts';
import { targetName } from './target.ts';

type FailuresPanelProps = Readonly<{
  agent: string;
  catalogue: Catalogue;
  latest: readonly Sample[];
  grid: Grid;
  county: County;
}>;

const mostShown = 50;
/** Probes run once a minute or more often: failures that are further apart are not one. */
const joinAtLeastS = 200;

/** What failed in the range, equal failures in a row told once. */
export function FailuresPanel({ agent, catalogue, latest, grid, county }: FailuresPanelProps): JSX.Element {
  const t = words.value;
  const place = useRef<HTMLElement>(null);
  const past = useSignal<readonly Moment[] | undefined>(undefined);
  const problem = useSignal('');
  const probes = [...new Set(latest.map(({ measurement }) => measurement))].filter(
    (measurement) => catalogue[measurement]?.fields.failure !== undefined,
  );

  useEffect(() => {
    const aborter = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const found = await Promise.all(
          probes.map((probe) => loadFailures(agent, probe, grid, aborter.signal)),
        );
        past.value = found.flat();
      } catch (error) {
        if (!aborter.signal.aborted) problem.value = problemText(error);
      }
    };
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void load();
    });
    if (place.current !== null) observer.observe(place.current);
    return () => {
      observer.disconnect();
      aborter.abort();
    };
  }, [agent]);

  const present = failuresAmong(latest).filter(({ time }) => time >= grid.from && time < endOf(grid));
  const failing = (measurement: string, target: string): boolean =>
    present.some((moment) => moment.measurement === measurement && moment.target === target);
  const folded = foldFailures(
    [...(past.value ?? []), ...present],
    Math.max(joinAtLeastS, grid.every * 3),
    failing,
  ).filter(({ to }) => to >= grid.from);

  return (
    <section class="failures" ref={place} aria-label={t.failures.title}>
      <h2>{t.failures.title}</h2>
      <p class="problem" role="alert">
        {problem}
      </p>
      {past.value === undefined && problem.value === '' && <p class="hint">{t.loading}</p>}
      {past.value !== undefined && folded.length === 0 && <p class="hint">{t.failures.none}</p>}
      {folded.length > 0 && (
        <ul class="sheet failure-list">
          {folded.slice(0, mostShown).map((failure) => (
            <FailureRow
              key={`${failure.measurement} ${failure.target} ${failure.from}`}
              failure={failure}
              probe={nameOf(catalogue, failure.measurement)}
              county={county}
            />
          ))}
        </ul>
      )}
      {folded.length > mostShown && <p class="hint">{t.failures.more(folded.length - mostShown)}</p>}
    </section>
  );
}

type FailureRowProps = Readonly<{ failure: Failure; probe: string; county: County }>;

function FailureRow({ failure, probe, county }: FailureRowProps): JSX.Element {
  const t = words.value.failures;
  const sources: Readonly<Record<string, string>> = t.sources;
  const errors: Readonly<Record<string, string>> = t.errors;
  const lasting = failure.to - failure.from;
  return (
    <li class="failure">
      <span title={formatMoment(failure.from, county.timezone, locale.value)}>
        {formatSecond(failure.from, county.timezone, locale.value)}
        {lasting > 0 && <span class="hint"> {t.lasting(formatDuration(lasting, locale.value))}</span>}
        {failure.ongoing && <strong class="failure-now"> {t.now}</strong>}
      </span>
      <span>
        {probe}
        {failure.target !== '' && ` → ${targetName(failure.target, county)}`}
      </span>
      <span>{sources[failure.source] ?? failure.source}</span>
      <span class="failure-error" title={failure.error}>
        {errors[failure.error] ?? failure.error}
      </span>
    </li>
  );
}

function nameOf(catalogue: Catalogue, measurement: string): string {
  const definition = catalogue[measurement];
  return definition === undefined ? measurement : inLanguage(definition.title);
}

async function loadFailures(
  agent: string,
  measurement: string,
  grid: Grid,
  signal: AbortSignal,
): Promise<Moment[]> {
  const of = (field: string): Promise<Series> =>
    get<Series>(
      'series',
      {
        measurement,
        field,
        agent,
        agg: 'last',
        from: rfc3339(grid.from),
        to: rfc3339(endOf(grid)),
        every: grid.every,
      },
      signal,
    );
  const [failure, error] = await Promise.all([of('failure'), of('error')]);
  return failuresIn(measurement, failure, error);
}
