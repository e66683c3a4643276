import type { SunOutages } from '../src/api/answers.ts';

/** Eleven in the morning of these days in March, as for a satellite at 130°E; of one school the place is not known. */
export function sunOutagesOf(school: string): SunOutages {
  if (school === 'school13') return { missing: ['lat', 'lon'], belowHorizon: false, outages: [] };
  const dish = { longitudeDeg: 130, downlinkGHz: 12.5, dishDiameterM: 1.2, assumed: true };
  const lessonsFrom = 'periods';
  const outages = [6, 7, 8, 9, 10, 11, 12, 13].map((day, index) => {
    const peak = Date.parse(`2026-03-${String(day).padStart(2, '0')}T11:16:04+08:00`) / 1000 - 12 * index;
    const half = 40 * Math.sqrt(Math.max(1, 14 - (index - 3.5) ** 2)) + 20;
    const midnight = Date.parse(`2026-03-${String(day).padStart(2, '0')}T00:00:00+08:00`) / 1000;
    const fourth = { n: 4, start: midnight + 40_200, end: midnight + 42_600 };
    const lessons = day === 7 || day === 8 ? [] : [fourth];
    return {
      begin: peak - half,
      peak,
      end: peak + half,
      separationDeg: 0.1 * Math.abs(index - 3.5),
      lessons,
    };
  });
  return { missing: [], belowHorizon: false, lessonsFrom, dish, outages };
}
