import type { JSX } from 'preact';
import { formatDay } from '../format/time.ts';
import { formatValue } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import { type Day, type Direction, type DirectionName, directions } from './line-tests.ts';

const height = 40;

/** A bar a day: download above the line, upload below it, each on its own scale. A hollow bar was cut short. */
export function BandwidthDays({
  days,
  timeZone,
}: Readonly<{ days: readonly Day[]; timeZone: string }>): JSX.Element {
  const t = words.value.bandwidth;
  const [first, last] = [days[0], days.at(-1)];
  const short = days.some((day) => directions.some((direction) => day[direction].cutShort !== undefined));
  return (
    <figure class="bandwidth-days">
      {directions.map((direction) => (
        <Bars key={direction} direction={direction} days={days} />
      ))}
      <figcaption>
        <span>{first && formatDay(first.time, timeZone, locale.value)}</span>
        {short && <span>{t.hollow}</span>}
        <span>{last && formatDay(last.time, timeZone, locale.value)}</span>
      </figcaption>
    </figure>
  );
}

function Bars({
  direction,
  days,
}: Readonly<{ direction: DirectionName; days: readonly Day[] }>): JSX.Element {
  const t = words.value.bandwidth;
  const highest = Math.max(0, ...days.map((day) => day[direction].rate ?? 0));
  const scale = formatValue(highest, 'bit/s', false, locale.value);
  const tall = ({ rate = 0 }: Direction): number => (highest === 0 ? 0 : (rate / highest) * (height - 2));
  const up = direction === 'download';
  return (
    <div class="bandwidth-bars">
      <span>
        {t.directions[direction]}
        <br />
        {t.highest(scale)}
      </span>
      <svg viewBox={`0 0 ${days.length * 10} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="bandwidth-axis" d={`M0 ${up ? height : 0}h${days.length * 10}`} />
        {days.map((day, index) => (
          <rect
            key={day.date}
            class={day[direction].cutShort === undefined ? 'bandwidth-bar' : 'bandwidth-bar is-short'}
            x={index * 10 + 1.5}
            y={up ? height - tall(day[direction]) : 0}
            width={7}
            height={tall(day[direction])}
          />
        ))}
      </svg>
    </div>
  );
}
