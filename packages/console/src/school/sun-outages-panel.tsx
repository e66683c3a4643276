import type { JSX } from 'preact';
import type { County, School, SunOutage, SunOutages } from '../api/answers.ts';
import { problemText } from '../api/problem.ts';
import { StateIcon } from '../design/state.tsx';
import { hubNow } from '../format/clock.ts';
import { formatClock, formatDate, formatMoment } from '../format/time.ts';
import { locale, words } from '../language/language.ts';
import { sunAt } from './next-outages.ts';
import { useSunOutages } from './sun-outage-data.ts';

/** When the Sun stands behind the satellite: what is no fault and cannot be mended, told beforehand. */
export function SunOutagesPanel({
  county,
  school,
}: Readonly<{ county: County; school: School }>): JSX.Element {
  const t = words.value.sunOutages;
  const state = useSunOutages(county.id, school.id).value;
  return (
    <section class="sheet panel sun-outages" aria-label={t.title}>
      <h2>{t.title}</h2>
      {state.state === 'loading' && <p class="hint">{words.value.loading}</p>}
      {state.state === 'failed' && <p class="problem">{problemText(state.error)}</p>}
      {state.state === 'ready' && <Season answer={state.answer} county={county} />}
    </section>
  );
}

function Season({ answer, county }: Readonly<{ answer: SunOutages; county: County }>): JSX.Element {
  const t = words.value.sunOutages;
  if (answer.missing.length > 0)
    return (
      <>
        <p>{t.missing(answer.missing.map((entry) => t.entries[entry]).join(words.value.listComma))}</p>
        <p class="hint">{t.missingMore}</p>
      </>
    );
  if (answer.belowHorizon) return <p>{t.belowHorizon}</p>;
  return (
    <>
      <SunLine answer={answer} county={county} />
      {answer.outages.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{t.day}</th>
              <th>{t.begin}</th>
              <th>{t.peak}</th>
              <th>{t.end}</th>
              <th>{t.lessons}</th>
            </tr>
          </thead>
          <tbody>
            {answer.outages.map((outage) => (
              <OutageRow key={outage.begin} outage={outage} county={county} />
            ))}
          </tbody>
        </table>
      )}
      <Dish answer={answer} county={county} />
    </>
  );
}

/** What matters now: one that is on, or the day before which there is none. */
function SunLine({ answer, county }: Readonly<{ answer: SunOutages; county: County }>): JSX.Element {
  const t = words.value.sunOutages;
  const sun = sunAt(answer, hubNow.value);
  const { timezone } = county;
  switch (sun.kind) {
    case 'now':
      return (
        <p class="state is-degraded">
          <StateIcon state="degraded" />
          {t.now(formatClock(sun.outage.end, timezone, locale.value, false))}
        </p>
      );
    case 'next':
      return (
        <p>
          <strong>
            {t.noneBefore(
              formatDate(sun.outage.begin, timezone, locale.value),
              formatClock(sun.outage.begin, timezone, locale.value, false),
            )}
          </strong>
        </p>
      );
    default:
      return <p>{t.none}</p>;
  }
}

function OutageRow({ outage, county }: Readonly<{ outage: SunOutage; county: County }>): JSX.Element {
  const t = words.value.sunOutages;
  const { timezone } = county;
  const clock = (seconds: number): string => formatClock(seconds, timezone, locale.value, false);
  const time = (seconds: number): JSX.Element => (
    <td title={formatMoment(seconds, timezone, locale.value)}>{clock(seconds)}</td>
  );
  const hours = outage.lessons.map(({ start, end }) => `${clock(start)}–${clock(end)}`);
  return (
    <tr class={outage.end < hubNow.value ? 'is-over' : ''}>
      <td>{formatDate(outage.begin, timezone, locale.value)}</td>
      {time(outage.begin)}
      {time(outage.peak)}
      {time(outage.end)}
      <td title={hours.join(words.value.listComma)}>
        {outage.lessons.length === 0 ? (
          <span class="hint">{t.noLesson}</span>
        ) : (
          <span class="state is-degraded">
            <StateIcon state="degraded" />
            {outage.lessons.map(({ n }) => t.lesson(n)).join(words.value.listComma)}
          </span>
        )}
      </td>
    </tr>
  );
}

function Dish({
  answer: { dish, lessonsFrom },
  county,
}: Readonly<{ answer: SunOutages; county: County }>): JSX.Element | null {
  if (dish === undefined) return null;
  const t = words.value.sunOutages;
  const degrees = Math.abs(dish.longitudeDeg).toLocaleString(locale.value);
  const orbit = `${degrees}°${dish.longitudeDeg < 0 ? 'W' : 'E'}`;
  const number = (value: number): string => value.toLocaleString(locale.value);
  return (
    <p class="hint">
      {t.computedOf(orbit, number(dish.downlinkGHz), number(dish.dishDiameterM))}
      {dish.assumed === true && ` ${t.assumed}`} {words.value.classroom.zone(county.timezone)}
      {lessonsFrom === undefined && ` ${t.noPeriods}`}
    </p>
  );
}
