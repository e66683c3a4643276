import { describe, expect, it } from 'vitest';
import { tongtang } from '../services/tongtang.ts';

/** The command as a technician types it; the figures themselves are tested in packages/satellite. */

const place = ['--lat', '38.18', '--lon', '100.25', '--height', '2787'];
const antenna = ['--dish', '0.75', '--freq', '12.5', '--year', '2027'];
const sunOutages = (...words: string[]): string[] => ['satellite', 'sun-outages', ...words];
const asked = [...place, '--orbit', '110.5E', ...antenna];
const chinese = { LC_ALL: 'zh_CN.UTF-8', TZ: 'Asia/Shanghai' };
const english = { LC_ALL: 'en_US.UTF-8', TZ: 'America/New_York' };

describe('tongtang satellite sun-outages', () => {
  it('prints JSON in UTC, whatever zone and language the machine has', async () => {
    const [here, there] = [
      await tongtang(sunOutages(...asked, '--json'), chinese),
      await tongtang(sunOutages(...asked, '--json'), english),
    ];
    expect(here.code).toBe(0);
    expect(here.output).toBe(there.stdout);
    const list: { begin: string; peak: string; end: string; separationDeg: number }[] = JSON.parse(
      here.stdout,
    );
    const day = list.find(({ peak }) => peak.startsWith('2027-03-05'));
    expect(Object.keys(day ?? {})).toEqual(['begin', 'peak', 'end', 'separationDeg']);
    const apart = (time: string | undefined, expected: string): number =>
      Math.abs(Date.parse(time ?? '') - Date.parse(expected)) / 1000;
    expect(apart(day?.begin, '2027-03-05T04:38:31Z')).toBeLessThan(5);
    expect(apart(day?.peak, '2027-03-05T04:44:04Z')).toBeLessThan(5);
    expect(apart(day?.end, '2027-03-05T04:49:38Z')).toBeLessThan(5);
  });

  it('prints a table in the language and zone of the machine', async () => {
    const table = await tongtang(sunOutages(...asked), chinese);
    expect(table.output).toContain('时间为本地时间（Asia/Shanghai）');
    expect(table.output).toMatch(/2027-03-05 {2}12:38:3\d/);
    const abroad = await tongtang(sunOutages(...asked), english);
    expect(abroad.output).toContain('Times are local: America/New_York');
    expect(abroad.output).toMatch(/2027-03-04 {2}23:38:3\d/);
  });

  it('prints CSV and a calendar', async () => {
    const csv = await tongtang(sunOutages(...asked, '--csv'));
    expect(csv.stdout.split('\r\n')[0]).toBe('begin,peak,end,separationDeg');
    const ics = await tongtang(sunOutages(...asked, '--ics'));
    expect(ics.stdout).toMatch(/^BEGIN:VCALENDAR\r\n.*\r\nEND:VCALENDAR\r\n$/s);
    expect(ics.stdout).toContain('DTSTART:20270305T0438');
  });

  it('says in words that a satellite below the horizon has none, and gives programs an empty list', async () => {
    const words = [...place, '--orbit', '1W', ...antenna];
    const told = await tongtang(sunOutages(...words), english);
    expect(told.output).toContain('1°W is 17.1° below the horizon');
    expect(told.code).toBe(0);
    expect((await tongtang(sunOutages(...words, '--json'))).output).toBe('[]\n');
  });

  it('ends with one line that names a wrong flag and its range, and prints nothing else', async () => {
    const { code, output, stdout } = await tongtang(sunOutages(...asked, '--freq', '12500'));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(output).toContain("option '--freq <GHz>' argument '12500' is invalid");
    expect(output).toContain('from 2.5 to 50: GHz');
    expect(output.trim().split('\n')).toHaveLength(1);
  });
});

describe('tongtang satellite look-angles', () => {
  const words = ['satellite', 'look-angles', ...place, '--orbit'];

  it('says how to point a dish', async () => {
    const { output } = await tongtang([...words, '110.5E'], english);
    expect(output).toMatch(/Azimuth +163\.7°.*\nElevation +44\.5°\nLNB skew +-12\.8°.*\nRange +37439 km\n/);
    expect((await tongtang([...words, '110.5E'], chinese)).output).toMatch(/方位角 +163\.7°/);
    expect(JSON.parse((await tongtang([...words, '110.5E', '--json'])).stdout)).toMatchObject({
      aboveHorizon: true,
    });
  });

  it('says where it cannot be pointed', async () => {
    const { output } = await tongtang([...words, '1W'], english);
    expect(output).toBe('From there 1°W is 17.1° below the horizon and cannot be received\n');
  });
});
