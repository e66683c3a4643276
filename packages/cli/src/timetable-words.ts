import { type TableName, tableTitles } from '@tongtang/lessons/columns';
import { schoolLessonsOf } from '@tongtang/lessons/lessons-of';
import { weekdayOf } from '@tongtang/lessons/plain-date';
import { schoolDay } from '@tongtang/lessons/school-day';
import { carrierWords, changeWords, dayWords, modeWords, weekdayWords } from '@tongtang/lessons/words';
import type { County, Inventory, School } from '@tongtang/model/inventory';
import type { Language, Text } from '@tongtang/model/text';
import type { Lesson, PlainDate, Timetable } from '@tongtang/model/timetable';
import type { Timetables } from '@tongtang/store/registry/timetables';

/** What an import did. */
export function importInWords({
  inventory: { county },
  tables,
  changed,
  comingWeek,
}: Readonly<{
  inventory: Inventory;
  tables: readonly TableName[];
  changed: boolean;
  /** Lessons of seven days from today. */
  comingWeek: number;
}>): Text {
  const list = (language: Language): string => tables.map((table) => tableTitles[table][language]).join(', ');
  return changed
    ? {
        zh: `${county.name.zh}（${county.id}）：已导入 ${list('zh')}。今后七天共 ${comingWeek} 节课。撤销：npx tongtang timetable undo\n`,
        en: `${county.name.en} (${county.id}): imported ${list('en')}. ${comingWeek} lessons in the seven days from today. To take it back: npx tongtang timetable undo\n`,
      }
    : {
        zh: `${county.name.zh}（${county.id}）：与现有课表相同，没有变化\n`,
        en: `${county.name.en} (${county.id}): the same timetable as before, nothing changes\n`,
      };
}

/** What an undo did. */
export function undoInWords(
  answer: ReturnType<Timetables['undoTimetable']>,
  { name, timezone }: County,
): Text {
  if (!answer.undone)
    return { zh: `${name.zh}：没有可撤销的导入\n`, en: `${name.en}: there is no import to take back\n` };
  if (answer.back === undefined)
    return {
      zh: `${name.zh}：已撤销，现在没有课表\n`,
      en: `${name.en}: taken back; there is no timetable now\n`,
    };
  const { importedAt, importedBy } = answer.back;
  // Sweden writes dates as ISO 8601 does.
  const when = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: timezone,
  }).format(importedAt * 1000);
  return {
    zh: `${name.zh}：已撤销，恢复为 ${when} 导入的课表（${importedBy}）\n`,
    en: `${name.en}: taken back; the timetable is that of ${when} (${importedBy}) again\n`,
  };
}

/** The lessons of a day, school by school; those that were cancelled with it. */
export function dayInWords({
  timetable,
  inventory,
  schools,
  date,
}: Readonly<{
  timetable: Timetable;
  inventory: Inventory;
  schools: readonly School[];
  date: PlainDate;
}>): Text {
  const inLanguage = (language: Language): string => {
    const { timezone } = inventory.county;
    const weekday = weekdayWords[weekdayOf(date) - 1]?.[language] ?? '';
    const parts = schools.map((school) => {
      const { held, cancelled } = schoolLessonsOf(timetable, school.id, date, timezone);
      const lines = [
        ...held.map((lesson) => lessonLine(lesson, school, timezone, language)),
        ...cancelled.map(
          (lesson) => `${lessonLine(lesson, school, timezone, language)}  ${changeWords.cancelled[language]}`,
        ),
      ];
      const none = { zh: '没有课', en: 'no lessons' };
      const head = `${school.name[language]} (${school.id})  ${dayLine(timetable, school, date)[language]}`;
      return [head, ...(lines.length === 0 ? [none[language]] : lines).map((line) => `  ${line}`)].join('\n');
    });
    return `${date} ${weekday}, ${timezone}\n\n${parts.join('\n\n')}\n`;
  };
  return { zh: inLanguage('zh'), en: inLanguage('en') };
}

/** What the day is for a school. */
function dayLine(timetable: Timetable, school: School, date: PlainDate): Text {
  const { term, kind, note, week } = schoolDay(timetable, school.id, date);
  if (term === undefined) return { zh: '不在学期内', en: 'between terms' };
  const said = (language: Language): string[] => [
    ...(kind === 'ordinary' ? [] : [dayWords[kind][language]]),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    zh: [term.name, ...(week === undefined ? [] : [`第 ${week} 周`]), ...said('zh')].join('，'),
    en: [term.name, ...(week === undefined ? [] : [`week ${week}`]), ...said('en')].join(', '),
  };
}

function lessonLine(lesson: Lesson, school: School, timeZone: string, language: Language): string {
  const clock = (seconds: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short', timeZone }).format(seconds * 1000);
  const room = school.classes.find(({ id }) => id === lesson.class)?.name[language] ?? lesson.class;
  const origin = lesson.origin === 'timetable' ? [] : [changeWords[lesson.origin][language]];
  return [
    `${clock(lesson.start)}–${clock(lesson.end)}`,
    String(lesson.period),
    `${room} (${lesson.class})`,
    lesson.subject,
    modeWords[lesson.mode][language],
    carrierWords[lesson.carrier][language],
    ...origin,
  ].join('  ');
}
