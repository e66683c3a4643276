import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { County, Series } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { hubNow, hubTime } from '../format/clock.ts';
import { formatSince } from '../format/time.ts';
import { formatValue } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import './bandwidth.css';
import { BandwidthDays } from './bandwidth-days.tsx';
import { BandwidthTable } from './bandwidth-table.tsx';
import { reasonOf } from './cut-short.ts';
import {
  type Direction,
  type DirectionName,
  daysOf,
  directions,
  type LineTest,
  medianRate,
  testsOf,
} from './line-tests.ts';

const daysShown = 30;
/** An agent tests once an hour at most; to the quarter of an hour its time is known well enough. */
const bucketS = 900;

type BandwidthPanelProps = Readonly<{
  county: County;
  /** Whose tests: of a school, or of one agent. */
  of: Readonly<{ school: string }> | Readonly<{ agent: string }>;
  /** Where an agent is, for a table of several. */
  roomOf?: (agent: string) => string;
}>;

/** Download and upload over the last month. */
export function BandwidthPanel({ county, of, roomOf }: BandwidthPanelProps): JSX.Element | null {
  const t = words.value.bandwidth;
  const tests = useSignal<readonly LineTest[] | undefined>(undefined);
  const problem = useSignal('');
  const key = JSON.stringify([county.id, of]);
  useEffect(() => {
    const aborter = new AbortController();
    tests.value = undefined;
    problem.value = '';
    loadTests({ county: county.id, ...of }, aborter.signal).then(
      (found) => (tests.value = found),
      (error: unknown) => {
        if (!aborter.signal.aborted) problem.value = problemText(error);
      },
    );
    return () => aborter.abort();
  }, [key]);

  const found = tests.value;
  // One machine of a school tests; of the others there is nothing to say.
  if ('agent' in of && problem.value === '' && (found === undefined || found.length === 0)) return null;
  return (
    <section class="sheet panel bandwidth" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p class="problem">{problem}</p>
      {found === undefined && problem.value === '' && <p class="hint">{words.value.loading}</p>}
      {found?.length === 0 && <p class="hint">{t.none}</p>}
      {found !== undefined && found.length > 0 && (
        <>
          <Newest tests={found} timeZone={county.timezone} />
          <BandwidthDays
            days={daysOf(found, hubNow.value, daysShown, county.timezone)}
            timeZone={county.timezone}
          />
          <BandwidthTable tests={found} timeZone={county.timezone} roomOf={roomOf} />
        </>
      )}
    </section>
  );
}

type NewestProps = Readonly<{ tests: readonly LineTest[]; timeZone: string }>;

function Newest({ tests, timeZone }: NewestProps): JSX.Element | null {
  const t = words.value.bandwidth;
  const [newest] = tests;
  if (newest === undefined) return null;
  return (
    <>
      <dl class="rates">
        {directions.map((direction) => (
          <Rate
            key={direction}
            direction={direction}
            newest={newest[direction]}
            median={medianRate(tests, direction)}
          />
        ))}
      </dl>
      <p class="hint">{t.tested(formatSince(newest.time, hubNow.value, timeZone, locale.value))}</p>
    </>
  );
}

type RateProps = Readonly<{
  direction: DirectionName;
  newest: Direction;
  median: number | undefined;
}>;

function Rate({ direction, newest, median }: RateProps): JSX.Element {
  const t = words.value.bandwidth;
  const write = (rate: number): string => formatValue(rate, 'bit/s', false, locale.value);
  return (
    <div>
      <dt>{t.directions[direction]}</dt>
      <dd class="rate">{newest.rate === undefined ? '–' : write(newest.rate)}</dd>
      {newest.cutShort !== undefined && <dd>{t.cutShort(reasonOf(newest.cutShort))}</dd>}
      {median !== undefined && <dd class="hint">{t.median(write(median))}</dd>}
    </div>
  );
}

async function loadTests(
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly LineTest[]> {
  const now = hubTime();
  const span = {
    from: new Date((now - daysShown * 86_400) * 1000).toISOString(),
    to: new Date((now + 60) * 1000).toISOString(),
    every: bucketS,
    agg: 'last',
  };
  const ask = (field: string): Promise<Series> =>
    get<Series>('series', { measurement: 'throughput', field, ...tags, ...span }, signal);
  const [download, downloadCut, upload, uploadCut] = await Promise.all([
    ask('download_bit_s'),
    ask('download_cut_short'),
    ask('upload_bit_s'),
    ask('upload_cut_short'),
  ]);
  return testsOf({
    download: { rate: download, cutShort: downloadCut },
    upload: { rate: upload, cutShort: uploadCut },
  });
}
