import type { JSX } from 'preact';
import { formatClock, formatDay } from '../format/time.ts';
import { formatValue } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import { reasonOf } from './cut-short.ts';
import { type Direction, directions, type LineTest } from './line-tests.ts';

type BandwidthTableProps = Readonly<{
  tests: readonly LineTest[];
  timeZone: string;
  roomOf: ((agent: string) => string) | undefined;
}>;

/** Every test, when asked for: what a figure of a report goes back to. */
export function BandwidthTable({ tests, timeZone, roomOf }: BandwidthTableProps): JSX.Element {
  const t = words.value.bandwidth;
  return (
    <details>
      <summary>{t.all(tests.length)}</summary>
      <table>
        <thead>
          <tr>
            <th>{t.when}</th>
            {roomOf && <th>{t.where}</th>}
            {directions.map((direction) => (
              <th key={direction}>{t.directions[direction]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr key={`${test.agent} ${test.time}`}>
              <td>
                {formatDay(test.time, timeZone, locale.value)}{' '}
                {formatClock(test.time, timeZone, locale.value, false)}
              </td>
              {roomOf && <td>{roomOf(test.agent)}</td>}
              {directions.map((direction) => (
                <RateCell key={direction} {...test[direction]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function RateCell({ rate, cutShort }: Direction): JSX.Element {
  return (
    <td>
      {rate === undefined ? '–' : formatValue(rate, 'bit/s', false, locale.value)}
      {cutShort !== undefined && (
        <span class="hint"> {words.value.bandwidth.cutShort(reasonOf(cutShort))}</span>
      )}
    </td>
  );
}
