import { sunOutages } from '@tongtang/satellite/sun-outages';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { sunOutageCalendar } from './sun-outage-calendar.ts';

const question = {
  place: { lat: 38.18, lon: 100.25, heightM: 2787 },
  orbit: 110.5,
  antenna: { dishDiameterM: 0.75, downlinkGHz: 12.5 },
  year: 2027,
};
const outages = sunOutages(question.place, question.orbit, question.antenna, question.year);
const now = new Date('2027-01-02T03:04:05Z');

/** As Thunderbird reads it. */
function eventsIn(calendar: string): ICAL.Event[] {
  return new ICAL.Component(ICAL.parse(calendar))
    .getAllSubcomponents('vevent')
    .map((component) => new ICAL.Event(component));
}

describe.each(['zh', 'en'] as const)('the calendar of sun outages: %s', (language) => {
  const calendar = sunOutageCalendar(outages, question, language, now);

  it('has lines of at most 75 octets that end in CRLF, the last one too', () => {
    expect(calendar.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(calendar.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of calendar.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      // A character that is cut in two would not survive.
      expect(line).not.toContain('\uFFFD');
    }
    expect(calendar).toContain('\r\n ');
  });

  it('is read back with the same times', () => {
    const read = eventsIn(calendar).map(({ startDate, endDate }) => [
      startDate.toUnixTime(),
      endDate.toUnixTime(),
    ]);
    expect(read).toEqual(outages.map(({ begin, end }) => [begin, end]));
  });

  it('has its commas, semicolons and folded lines undone by a reader', () => {
    const [event] = eventsIn(calendar);
    expect(calendar).toContain('38.18\\, 100.25');
    expect(event?.description).toContain('38.18, 100.25');
    expect(event?.description).not.toContain('\\');
    expect(event?.description).toContain(language === 'zh' ? '不要调整天线' : 'leave the dish alone');
  });

  it('has what RFC 5545 wants of it', () => {
    const root = new ICAL.Component(ICAL.parse(calendar));
    expect(root.getFirstPropertyValue('version')).toBe('2.0');
    expect(String(root.getFirstPropertyValue('prodid'))).toContain('Tongtang');
    for (const event of root.getAllSubcomponents('vevent')) {
      expect(String(event.getFirstPropertyValue('dtstamp'))).toBe('2027-01-02T03:04:05Z');
      expect(event.getFirstPropertyValue('transp')).toBe('TRANSPARENT');
    }
  });
});

describe('the UIDs of sun outages', () => {
  const uids = (...change: object[]): string[] =>
    eventsIn(sunOutageCalendar(outages, Object.assign({}, question, ...change), 'en', now)).map(
      ({ uid }) => uid,
    );

  it('are one for each', () => {
    expect(new Set(uids()).size).toBe(outages.length);
  });

  it('stay the same in another language and on another day', () => {
    const later = sunOutageCalendar(outages, question, 'zh', new Date('2027-02-03T00:00:00Z'));
    expect(eventsIn(later).map(({ uid }) => uid)).toEqual(uids());
  });

  it('are others for another place, satellite or dish', () => {
    const others = [
      { place: { ...question.place, lat: 38.2 } },
      { orbit: 92.2 },
      { antenna: { ...question.antenna, dishDiameterM: 1.2 } },
    ].map((change) => uids(change));
    expect(new Set([uids(), ...others].flat()).size).toBe(outages.length * 4);
  });
});
