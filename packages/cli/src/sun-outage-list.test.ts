import { sunOutages } from '@tongtang/satellite/sun-outages';
import { describe, expect, it } from 'vitest';
import { type SunOutageQuestion, sunOutageCsv, sunOutageJson, sunOutageTable } from './sun-outage-list.ts';

const question: SunOutageQuestion = {
  place: { lat: 38.18, lon: 100.25, heightM: 2787 },
  orbit: 110.5,
  antenna: { dishDiameterM: 0.75, downlinkGHz: 12.5 },
  year: 2027,
};
const { place, orbit, antenna, year } = question;
const outages = sunOutages(place, orbit, antenna, year);
const shanghai = { language: 'en', timeZone: 'Asia/Shanghai' } as const;

describe('sun outages for programs', () => {
  it('are JSON in UTC', () => {
    const list: unknown = JSON.parse(sunOutageJson(outages));
    expect(list).toHaveLength(outages.length);
    expect(list).toEqual(
      expect.arrayContaining([
        {
          begin: '2027-03-05T04:38:31Z',
          peak: '2027-03-05T04:44:05Z',
          end: '2027-03-05T04:49:38Z',
          separationDeg: 0.136,
        },
      ]),
    );
  });

  it('are CSV with the same figures', () => {
    const lines = sunOutageCsv(outages).split('\r\n');
    expect(lines[0]).toBe('begin,peak,end,separationDeg');
    expect(lines).toContain('2027-03-05T04:38:31Z,2027-03-05T04:44:05Z,2027-03-05T04:49:38Z,0.136');
    expect(lines).toHaveLength(outages.length + 2);
    expect(lines.at(-1)).toBe('');
  });

  it('are an empty list where there are none', () => {
    expect(sunOutageJson([])).toBe('[]\n');
    expect(sunOutageCsv([])).toBe('begin,peak,end,separationDeg\r\n');
  });
});

describe('sun outages for people', () => {
  const table = sunOutageTable(outages, question, shanghai);

  it('are in local time, with the zone named', () => {
    expect(table).toContain('Times are local: Asia/Shanghai');
    expect(table).toMatch(/2027-03-05\s+12:38:31\s+12:44:05\s+12:49:38\s+11\.1\s+0\.14\s+UTC\+08:00/);
  });

  it('have each day’s own offset where clocks are changed', () => {
    const berlin = { place: { lat: 52.5, lon: 13.4, heightM: 40 }, orbit: 19.2, antenna, year };
    const found = sunOutages(berlin.place, berlin.orbit, antenna, year);
    const text = sunOutageTable(found, berlin, { language: 'en', timeZone: 'Europe/Berlin' });
    expect(text).toMatch(/2027-03-0\d .* UTC\+01:00\n/);
    expect(text).toMatch(/2027-10-1\d .* UTC\+02:00\n/);
    expect(sunOutageTable(found, berlin, { language: 'en', timeZone: 'UTC' })).toMatch(/ UTC\n/);
  });

  it('say for what they were computed, and how exact they are', () => {
    expect(table).toContain('satellite 110.5°E, place 38.18, 100.25, 2787 m, dish 0.75 m, 12.5 GHz');
    expect(table).toContain('within 1.39° of the satellite');
    expect(table).toContain('15 days, 11.1 minutes at most. Exact to about a minute');
  });

  it.each(['zh', 'en'] as const)('have columns of one width in a terminal: %s', (language) => {
    const columns = (line: string): number =>
      [...line].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0);
    const rows = sunOutageTable(outages, question, { ...shanghai, language })
      .split('\n')
      .slice(3, -3);
    expect(rows).toHaveLength(outages.length + 1);
    expect(new Set(rows.map(columns)).size).toBe(1);
    expect(rows[0]).toContain(language === 'zh' ? '最强' : 'peak');
  });

  it('say why there are none', () => {
    const below = { ...question, orbit: -1 };
    expect(sunOutageTable([], below, shanghai)).toBe(
      'No sun outages: from there 1°W is 17.1° below the horizon and cannot be received\n',
    );
    expect(sunOutageTable([], below, { ...shanghai, language: 'zh' })).toContain('地平线以下 17.1°');
  });
});
