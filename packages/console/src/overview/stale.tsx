import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { hubNow } from '../format/clock.ts';
import { formatSince } from '../format/time.ts';
import { locale, words } from '../language/language.ts';
import { fleet, heardAt } from './fleet.ts';

/** Two refreshes missed. */
const staleAfterS = 150;

/** Whether the page shows the past although it should show the present. */
export const stale = computed(() => heardAt.value > 0 && hubNow.value - heardAt.value > staleAfterS);

/** Says so, with the time that the figures are of. */
export function Stale(): JSX.Element | null {
  if (!stale.value) return null;
  const timeZone = fleet.value?.places.counties[0]?.timezone ?? 'UTC';
  return (
    <p class="stale-note" role="status">
      {words.value.staleSince(formatSince(heardAt.value, hubNow.value, timeZone, locale.value))}
    </p>
  );
}
