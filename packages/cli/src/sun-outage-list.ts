import type { Text } from '@tongtang/model/text';
import type { Place } from '@tongtang/satellite/line-of-sight';
import { lookAngles } from '@tongtang/satellite/look-angles';
import { formatOrbitalPosition } from '@tongtang/satellite/orbital-position';
import { type Antenna, outageAngleDeg, type SunOutage } from '@tongtang/satellite/sun-outages';
import type { Locale } from './locale.ts';

/** What sun outages were computed for. */
export type SunOutageQuestion = Readonly<{
  place: Place;
  /** Orbital position in degrees east. */
  orbit: number;
  antenna: Antenna;
  year: number;
}>;

/** As a JSON array, times in UTC. */
export function sunOutageJson(outages: readonly SunOutage[]): string {
  return `${JSON.stringify(outages.map(inUtc))}\n`;
}

/** As CSV (RFC 4180), times in UTC. */
export function sunOutageCsv(outages: readonly SunOutage[]): string {
  const rows = outages
    .map(inUtc)
    .map(({ begin, peak, end, separationDeg }) => [begin, peak, end, separationDeg]);
  return [['begin', 'peak', 'end', 'separationDeg'], ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function inUtc({ begin, peak, end, separationDeg }: SunOutage) {
  return {
    begin: utc(begin),
    peak: utc(peak),
    end: utc(end),
    separationDeg: Math.round(separationDeg * 1000) / 1000,
  };
}

function utc(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

/** As a table for people, times in their zone. */
export function sunOutageTable(
  outages: readonly SunOutage[],
  question: SunOutageQuestion,
  { language, timeZone }: Locale,
): string {
  if (outages.length === 0) return `${noneBecause(question)[language]}\n`;
  const rows = outages.map(({ begin, peak, end, separationDeg }) => {
    const [date = '', beginTime = '', zone = ''] = localTime(begin, timeZone);
    const [, peakTime = ''] = localTime(peak, timeZone);
    const [, endTime = ''] = localTime(end, timeZone);
    const minutes = ((end - begin) / 60).toFixed(1);
    return [date, beginTime, peakTime, endTime, minutes, separationDeg.toFixed(2), zone];
  });
  const longest = Math.max(...outages.map(({ begin, end }) => (end - begin) / 60));
  const [head, foot] = [headOf(question, timeZone)[language], footOf(outages.length, longest)[language]];
  return `${head}\n\n${aligned([columns[language], ...rows])}\n${foot}\n`;
}

const columns = {
  zh: ['日期', '开始', '最强', '结束', '分钟', '夹角°', '时差'],
  en: ['date', 'begin', 'peak', 'end', 'minutes', 'nearest °', 'offset'],
} as const;

function headOf({ place, orbit, antenna, year }: SunOutageQuestion, timeZone: string): Text {
  const [satellite, angle] = [formatOrbitalPosition(orbit), outageAngleDeg(antenna).toFixed(2)];
  const { dishDiameterM, downlinkGHz } = antenna;
  const at = `${place.lat}, ${place.lon}, ${place.heightM} m`;
  return {
    zh: `${year} 年日凌：${satellite} 卫星，地点 ${at}，天线 ${dishDiameterM} m，${downlinkGHz} GHz
太阳距卫星 ${angle}° 以内时受影响。时间为本地时间（${timeZone}）`,
    en: `Sun outages (日凌) in ${year}: satellite ${satellite}, place ${at}, dish ${dishDiameterM} m, ${downlinkGHz} GHz
The Sun disturbs while it is within ${angle}° of the satellite. Times are local: ${timeZone}`,
  };
}

function footOf(days: number, longestMinutes: number): Text {
  const longest = longestMinutes.toFixed(1);
  return {
    zh: `共 ${days} 天，最长 ${longest} 分钟。时间误差约 1 分钟；天线没有对准时还会提前或推后`,
    en: `${days} days, ${longest} minutes at most. Exact to about a minute; a dish that is not well aimed has them earlier or later`,
  };
}

/** A satellite that is seen has outages every year, whatever the dish. */
function noneBecause({ place, orbit }: SunOutageQuestion): Text {
  const below = Math.abs(lookAngles(place, orbit).elevationDeg).toFixed(1);
  const satellite = formatOrbitalPosition(orbit);
  return {
    zh: `没有日凌：在该地点，${satellite} 卫星在地平线以下 ${below}°，收不到`,
    en: `No sun outages: from there ${satellite} is ${below}° below the horizon and cannot be received`,
  };
}

function localTime(time: number, timeZone: string): [date: string, time: string, offset: string] {
  const when = new Date(time * 1000);
  // Sweden writes dates as ISO 8601 does.
  const [date = '', clock = ''] = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone,
  })
    .format(when)
    .split(' ');
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(when)
    .find(({ type }) => type === 'timeZoneName');
  return [date, clock, (zone?.value ?? '').replace('GMT', 'UTC')];
}

/** Columns side by side: figures to the right, as wide as their widest entry. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  const padded = (cell: string, column: number): string =>
    ' '.repeat((widths[column] ?? 0) - width(cell)) + cell;
  return rows.map((row) => `${row.map(padded).join('  ')}\n`).join('');
}

/** In columns of a terminal, where a Chinese character takes two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0);
}
