import type { LessonsAnswer } from '@tongtang/hub/http/routes/lessons';
import { carrierWords, changeWords, modeWords } from '@tongtang/lessons/words';
import { readinessItemTitles, readinessTitles } from '@tongtang/model/readiness';
import type { Language, Text } from '@tongtang/model/text';
import { wallTime } from '@tongtang/notify/day-time';
import type { Static } from 'typebox';
import type { PlacesAnswer } from './hub-client.ts';

type Answer = Static<typeof LessonsAnswer>;
type Lesson = Answer['lessons'][number];

const none: Text = { zh: '没有课\n', en: 'No lessons\n' };
const notChecked: Text = { zh: '未检查', en: 'not checked' };
const todoTitle: Text = { zh: '处理：', en: 'to do: ' };

/** The lessons of a day, period by period, each with its readiness; where it is not ready, why, and what to do. */
export function lessonsInWords(
  { lessons, county: id, date, timezone }: Answer,
  { counties }: PlacesAnswer,
  language: Language,
): string {
  if (lessons.length === 0) return none[language];
  const county = counties.find((one) => one.id === id);
  const clock = (seconds: number): string => wallTime(seconds, timezone).time;
  const nameOf = (lesson: Lesson): string => {
    const school = county?.schools.find((one) => one.id === lesson.school);
    const of = school?.classrooms.flatMap(({ classes }) => classes).find((one) => one.id === lesson.class);
    return `${school?.name[language] ?? lesson.school} ${of?.name[language] ?? lesson.class}`;
  };
  const lines = lessons.flatMap((lesson) => [
    [
      `${clock(lesson.start)}–${clock(lesson.end)}`,
      String(lesson.period),
      nameOf(lesson),
      ...(lesson.subject === undefined ? [] : [lesson.subject]),
      modeWords[lesson.mode][language],
      carrierWords[lesson.carrier][language],
      stateOf(lesson)[language],
    ].join('  '),
    ...troubleOf(lesson, language).map((line) => `    ${line}`),
  ]);
  return `${date}, ${timezone}\n\n${lines.join('\n')}\n`;
}

function stateOf({ cancelled, readiness }: Lesson): Text {
  if (cancelled) return changeWords.cancelled;
  return readiness === undefined ? notChecked : readinessTitles[readiness.state];
}

function troubleOf({ readiness }: Lesson, language: Language): string[] {
  return (readiness?.checks ?? [])
    .filter(({ state }) => state !== 'ready')
    .flatMap(({ item, why, todo }) => [
      `${readinessItemTitles[item][language]}${language === 'zh' ? '：' : ': '}${why[language]}`,
      ...(todo === undefined ? [] : [`  ${todoTitle[language]}${todo[language]}`]),
    ]);
}
