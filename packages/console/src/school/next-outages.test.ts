import { describe, expect, it } from 'vitest';
import type { SunOutage, SunOutages } from '../api/answers.ts';
import { sunAt } from './next-outages.ts';

const outage = (begin: number): SunOutage => ({
  begin,
  peak: begin + 200,
  end: begin + 400,
  separationDeg: 0.2,
  lessons: [],
});
const first = outage(100_000);
const second = outage(186_400);
const season: SunOutages = { missing: [], belowHorizon: false, outages: [first, second] };

describe('the Sun behind the satellite', () => {
  it('is on from shortly before an outage to shortly after', () => {
    expect(sunAt(season, first.begin - 120)).toEqual({ kind: 'now', outage: first });
    expect(sunAt(season, first.end + 120)).toEqual({ kind: 'now', outage: first });
    expect(sunAt(season, first.end + 121)).toEqual({ kind: 'next', outage: second });
  });

  it('comes next on the first day of the season, and not again after the last', () => {
    expect(sunAt(season, 0)).toEqual({ kind: 'next', outage: first });
    expect(sunAt(season, second.end + 121)).toEqual({ kind: 'none' });
  });

  it('is not known where the inventory lacks the place', () => {
    expect(sunAt({ missing: ['lat'], belowHorizon: false, outages: [] }, 0)).toEqual({ kind: 'unknown' });
  });
});
