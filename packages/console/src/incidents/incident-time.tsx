import type { JSX } from 'preact';
import type { IncidentSummary } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { formatDuration, formatMoment, formatSince } from '../format/time.ts';
import { locale } from '../language/language.ts';

type IncidentTimeProps = Readonly<{ incident: Pick<IncidentSummary, 'from' | 'to'>; timeZone: string }>;

/** Since when, and how long it lasts or lasted. */
export function IncidentTime({ incident: { from, to }, timeZone }: IncidentTimeProps): JSX.Element {
  const now = hubNow.value;
  const since = formatSince(from, now, timeZone, locale.value);
  return (
    <time dateTime={new Date(from * 1000).toISOString()} title={formatMoment(from, timeZone, locale.value)}>
      <strong>{since}</strong> <span class="hint">{lasting(from, to ?? now)}</span>
    </time>
  );
}

/** Seconds matter in the first minute only. */
export function lasting(from: number, to: number): string {
  const length = Math.max(0, to - from);
  return formatDuration(length < 60 ? length : Math.floor(length / 60) * 60, locale.value);
}
