import type { PlainDate } from '@tongtang/model/timetable';
import type { AgentRegistry } from '@tongtang/store/registry/registry';
import { type DayOfCounty, dayOfLessons } from './day-of-lessons.ts';

/** Yesterday, today and tomorrow of some counties; what goes beyond is computed again. */
const mostDays = 200;

/** The days of counties, computed once until their inventory or timetable changes. */
export type CountyDays = Readonly<{
  /** @returns undefined where there is no such county */
  of: (county: string, date: PlainDate) => Promise<DayOfCounty | undefined>;
  stop: () => void;
}>;

export function openCountyDays(
  registry: Pick<AgentRegistry, 'inventories' | 'timetable' | 'onChange'>,
): CountyDays {
  /** Those that are being computed among them. */
  const days = new Map<string, Promise<DayOfCounty>>();
  const stop = registry.onChange(({ counties }) => {
    if (counties.size > 0) days.clear();
  });
  return {
    async of(county, date) {
      const key = `${county} ${date}`;
      const known = days.get(key);
      if (known !== undefined) return known;
      const inventory = registry.inventories().find((one) => one.county.id === county);
      if (inventory === undefined) return undefined;
      const day = dayOfLessons(inventory, registry.timetable(county), date);
      const [oldest] = days.keys();
      if (days.size >= mostDays && oldest !== undefined) days.delete(oldest);
      days.set(key, day);
      return await day.catch((error: unknown) => {
        if (days.get(key) === day) days.delete(key);
        throw error;
      });
    },
    stop,
  };
}
