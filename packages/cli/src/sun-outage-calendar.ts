import type { Language, Text } from '@tongtang/model/text';
import { formatOrbitalPosition } from '@tongtang/satellite/orbital-position';
import type { SunOutage } from '@tongtang/satellite/sun-outages';
import createCalendar, { ICalEventTransparency } from 'ical-generator';
import type { SunOutageQuestion } from './sun-outage-list.ts';

/**
 * Sun outages as a calendar (RFC 5545) that phones and mail programs import. The same question gives the same UIDs, so that
 * to import it again changes entries and doubles none.
 * @param now when it is made
 */
export function sunOutageCalendar(
  outages: readonly SunOutage[],
  question: SunOutageQuestion,
  language: Language,
  now: Date,
): string {
  const calendar = createCalendar({
    prodId: { company: 'Tongtang', product: 'sun outages', language: 'EN' },
  });
  for (const outage of outages)
    calendar.createEvent({
      id: uidOf(outage, question),
      stamp: now,
      start: new Date(outage.begin * 1000),
      end: new Date(outage.end * 1000),
      summary: summaryOf(question)[language],
      description: descriptionOf(outage, question)[language],
      // Nobody is busy because the Sun is.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  // Each line ends in CRLF (section 3.1), which the library leaves out after the last.
  return `${calendar.toString()}\r\n`;
}

function uidOf({ peak }: SunOutage, { place, orbit, antenna }: SunOutageQuestion): string {
  const { dishDiameterM, downlinkGHz } = antenna;
  const day = new Date(peak * 1000).toISOString().slice(0, 10);
  const numbers = [place.lat, place.lon, place.heightM, orbit, dishDiameterM, downlinkGHz];
  return `sun-outage_${numbers.join('_')}_${day}@tongtang`;
}

function summaryOf({ orbit }: SunOutageQuestion): Text {
  const satellite = formatOrbitalPosition(orbit);
  return { zh: `日凌：${satellite} 卫星信号中断`, en: `Sun outage: signal of ${satellite} is lost` };
}

function descriptionOf({ peak, separationDeg }: SunOutage, { place, antenna }: SunOutageQuestion): Text {
  const [time, nearest] = [new Date(peak * 1000).toISOString().slice(11, 19), separationDeg.toFixed(2)];
  const at = `${place.lat}, ${place.lon}`;
  const dish = `${antenna.dishDiameterM} m, ${antenna.downlinkGHz} GHz`;
  return {
    zh: `太阳经过卫星方向，最近 ${nearest}°（UTC ${time}）。地点 ${at}；天线 ${dish}。日凌过后自动恢复，不要调整天线；直播课改用地网。`,
    en: `The Sun passes behind the satellite, ${nearest}° from it at ${time} UTC. Place ${at}; dish ${dish}. It ends by itself: leave the dish alone; live lessons can use broadband meanwhile.`,
  };
}
