import type { Inventory } from '@tongtang/model/inventory';
import type { Language, Text } from '@tongtang/model/text';
import type { Lesson } from '@tongtang/model/timetable';
import createCalendar from 'ical-generator';
import { lessonUid } from '../lesson-uid.ts';
import { carrierWords, modeWords } from '../words.ts';

/**
 * Lessons as a calendar (RFC 5545) that phones and mail programs import. A lesson has the same UID however often it is exported, so
 * that importing it again doubles none.
 * @param now when it is made
 */
export function lessonCalendar(
  lessons: readonly Lesson[],
  inventory: Inventory,
  language: Language,
  now: Date,
): string {
  const calendar = createCalendar({ prodId: { company: 'Tongtang', product: 'lessons', language: 'EN' } });
  for (const lesson of lessons)
    calendar.createEvent({
      id: lessonUid({ county: inventory.county.id, ...lesson }),
      stamp: now,
      start: new Date(lesson.start * 1000),
      end: new Date(lesson.end * 1000),
      summary: `${lesson.subject} ${modeWords[lesson.mode][language]}`,
      location: placeOf(lesson, inventory)[language],
      description: descriptionOf(lesson, inventory)[language],
    });
  // Each line ends in CRLF (section 3.1), which the library leaves out after the last.
  return `${calendar.toString()}\r\n`;
}

function placeOf({ school, class: of }: Lesson, { schools }: Inventory): Text {
  const found = schools.find(({ id }) => id === school);
  const name = found?.classes.find(({ id }) => id === of)?.name;
  return {
    zh: `${found?.name.zh ?? school} ${name?.zh ?? of}`,
    en: `${found?.name.en ?? school} ${name?.en ?? of}`,
  };
}

function descriptionOf({ period, carrier, frontEnd }: Lesson, { frontEndSchools }: Inventory): Text {
  const from = frontEndSchools.find(({ id }) => id === frontEnd)?.name;
  return {
    zh: [`第 ${period} 节`, ...(from ? [from.zh] : []), carrierWords[carrier].zh].join('，'),
    en: [`Period ${period}`, ...(from ? [from.en] : []), carrierWords[carrier].en].join(', '),
  };
}
