import type { Mode } from '@tongtang/model/inventory';
import type { Carrier } from '@tongtang/model/timetable';

/** What links carry a lesson where nothing is said: what an embedded lesson needs is on platforms. */
export const usualCarrier: Readonly<Record<Mode, Carrier>> = {
  live: 'satellite',
  recorded: 'satellite',
  embedded: 'broadband',
};
