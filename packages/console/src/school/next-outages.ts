import type { SunOutage, SunOutages } from '../api/answers.ts';

/** How it stands with the Sun at a moment. */
export type SunNow =
  | Readonly<{ kind: 'unknown' }>
  /** The Sun is behind the satellite. */
  | Readonly<{ kind: 'now'; outage: SunOutage }>
  | Readonly<{ kind: 'next'; outage: SunOutage }>
  | Readonly<{ kind: 'none' }>;

/** The Sun's noise is felt before it drowns the signal, and in clouds of another size than computed. Seconds. */
const aroundS = 120;

/** @param now hub time in seconds */
export function sunAt({ missing, outages }: SunOutages, now: number): SunNow {
  if (missing.length > 0) return { kind: 'unknown' };
  const on = outages.find(({ begin, end }) => begin - aroundS <= now && now <= end + aroundS);
  if (on !== undefined) return { kind: 'now', outage: on };
  const next = outages.find(({ begin }) => begin > now);
  return next === undefined ? { kind: 'none' } : { kind: 'next', outage: next };
}
