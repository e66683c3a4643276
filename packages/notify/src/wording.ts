import type { LessonHit, Notice, Severity } from '@tongtang/model/notice';
import type { Language } from '@tongtang/model/text';
import { wallTime } from './day-time.ts';
import { oneLine } from './fit.ts';
import type { Fold } from './fold.ts';

/** How times are to be read: in the county's zone, with the date where it is not today's. */
export type Reading = Readonly<{ language: Language; now: number }>;

/** Lessons and checks are named up to this many: a message is read on a telephone. */
const mostLessons = 6;
const mostChecks = 3;

const severityNames: Readonly<Record<Severity, Readonly<Record<Language, string>>>> = {
  info: { zh: '提示', en: 'info' },
  warning: { zh: '警告', en: 'warning' },
  critical: { zh: '严重', en: 'critical' },
};

/** What its number is of, in English; in Chinese a number needs no more. */
const titles = { incident: 'Incident', check: 'Check', forecast: 'Forecast' } as const;

/** Begins every title: a robot may be told to take only what has its word in it. */
const product: Readonly<Record<Language, string>> = { zh: '【同堂】', en: '[Tongtang] ' };

/** One line: where, what, and what it means. */
export function titleOf(fold: Fold, reading: Reading): string {
  return product[reading.language] + headline(fold, reading);
}

/** Which class loses which lesson, why, since when, what to check first. */
export function bodyOf(fold: Fold, reading: Reading): string {
  const { notice, says, again } = fold;
  const zh = reading.language === 'zh';
  const over = says === 'resolved' || says === 'missed';
  const cause = oneLine(notice.cause[reading.language]);
  const severity = severityNames[notice.severity][reading.language];
  const lines = [
    over ? undefined : lessonsLine(notice, reading),
    cause === '' ? undefined : zh ? `原因：${cause}` : `Cause: ${cause}`,
    over ? spanLine(notice, reading) : sinceLine(notice, reading),
    over ? undefined : checksLine(notice, reading.language),
    zh
      ? `编号：${notice.incident}（${severity}）`
      : `${titles[notice.about ?? 'incident']} ${notice.incident} (${severity})`,
    again ? againLine[reading.language] : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

/** Of several in one message. */
export function digestTitle(folds: readonly Fold[], { language }: Reading): string {
  const count = (...kinds: Fold['says'][]): number => folds.filter(({ says }) => kinds.includes(says)).length;
  const [fresh, changed, over] = [count('opened'), count('updated'), count('resolved', 'missed')];
  const zh = language === 'zh';
  const parts = [
    fresh > 0 && (zh ? `${fresh} 起新故障` : `${fresh} new`),
    changed > 0 && (zh ? `${changed} 起变化` : `${changed} changed`),
    over > 0 && (zh ? `${over} 起已恢复` : `${over} over`),
  ].filter((part) => part !== false);
  return product[language] + parts.join(zh ? '，' : ', ');
}

/** One line of a digest. */
export function digestLine(fold: Fold, reading: Reading): string {
  const { notice, says, again } = fold;
  const zh = reading.language === 'zh';
  const since =
    says === 'opened' || says === 'updated'
      ? zh
        ? `，${timeOf(notice.since, notice, reading)} 起`
        : `, since ${timeOf(notice.since, notice, reading)}`
      : '';
  const number = zh ? `（${notice.incident}）` : ` (${notice.incident})`;
  return `• ${headline(fold, reading)}${since}${number}${again ? againLine[reading.language] : ''}`;
}

/** What did not find room in a digest comes with the next one. */
export function moreLine(count: number, language: Language): string {
  return language === 'zh' ? `另有 ${count} 起，见下一条` : `${count} more in the next message`;
}

const againLine: Readonly<Record<Language, string>> = {
  zh: '（程序重启后重发，可能已收到过）',
  en: '(sent again after a restart: you may have it already)',
};

function headline({ notice, says }: Fold, reading: Reading): string {
  const { language } = reading;
  const zh = language === 'zh';
  const what = `${placeOf(notice, language)}${zh ? ' ' : ': '}${oneLine(notice.what[language])}`;
  if (says === 'resolved') return zh ? `${what}：已恢复` : `${what}: restored`;
  if (says === 'missed') {
    const [from, to] = spanOf(notice, reading);
    if (notice.about === 'check')
      return zh ? `${what}：${to} 检查时已正常` : `${what}: fine when checked at ${to}`;
    return zh ? `${what}：${from} 至 ${to} 中断，已恢复` : `${what}: was down ${from} to ${to}`;
  }
  const count = notice.lessons.length;
  const change = says === 'updated' ? (zh ? '（更新）' : ' (update)') : '';
  if (count === 0) return what + change;
  return zh
    ? `${what}${change}，影响 ${count} 节课`
    : `${what}${change}, ${count} lesson${count === 1 ? '' : 's'} hit`;
}

/** `祁连县八宝小学` */
function placeOf({ county, cluster, school }: Notice, language: Language): string {
  const inner = school ?? cluster;
  const names = [county.name[language], ...(inner === undefined ? [] : [inner.name[language]])].map(oneLine);
  return language === 'zh' ? names.join('') : names.toReversed().join(', ');
}

function lessonsLine(notice: Notice, reading: Reading): string | undefined {
  const { lessons } = notice;
  if (lessons.length === 0) return undefined;
  const zh = reading.language === 'zh';
  const named = lessons
    .toSorted((a, b) => a.start - b.start)
    .slice(0, mostLessons)
    .map((lesson) => lessonName(lesson, notice, reading))
    .join(zh ? '；' : '; ');
  const rest =
    lessons.length > mostLessons ? (zh ? ` 等共 ${lessons.length} 节` : ` … ${lessons.length} in all`) : '';
  return (zh ? '受影响：' : 'Lessons: ') + named + rest;
}

/** `三(2)班 10:20 数学`, with the school where the notice is about more than one. */
function lessonName(lesson: LessonHit, notice: Notice, reading: Reading): string {
  const { language } = reading;
  return [
    ...(notice.school === undefined ? [lesson.school.name[language]] : []),
    lesson.class.name[language],
    timeOf(lesson.start, notice, reading),
    ...(lesson.subject === undefined ? [] : [lesson.subject[language]]),
  ]
    .map(oneLine)
    .join(' ');
}

function sinceLine(notice: Notice, reading: Reading): string {
  const since = timeOf(notice.since, notice, reading);
  const measured = notice.evidence === 'measured';
  return reading.language === 'zh'
    ? `开始：${since}（${measured ? '实测' : '推断'}）`
    : `Since ${since} (${measured ? 'measured' : 'concluded'})`;
}

function spanLine(notice: Notice, reading: Reading): string {
  const [from, to] = spanOf(notice, reading);
  // Between two checks nobody knows when it was whole again.
  if (notice.about === 'check')
    return reading.language === 'zh'
      ? `${from} 起有问题，${to} 检查时已正常`
      : `Not so since ${from}, fine when checked at ${to}`;
  // Whole minutes, as pages have them.
  const minutes = Math.max(1, Math.floor(((notice.until ?? notice.at) - notice.since) / 60));
  return reading.language === 'zh'
    ? `${from} 至 ${to} 中断，共 ${minutes} 分钟`
    : `Was down ${from} to ${to}, ${minutes} min`;
}

function checksLine({ checks }: Notice, language: Language): string | undefined {
  if (checks.length === 0) return undefined;
  const named = checks
    .slice(0, mostChecks)
    .map((check, index) => `${index + 1}. ${oneLine(check[language])}`)
    .join(' ');
  return (language === 'zh' ? '先查：' : 'Check first: ') + named;
}

function spanOf(notice: Notice, reading: Reading): [from: string, to: string] {
  return [timeOf(notice.since, notice, reading), timeOf(notice.until ?? notice.at, notice, reading)];
}

function timeOf(seconds: number, { county }: Notice, { now }: Reading): string {
  const { date, time } = wallTime(seconds, county.timezone);
  return date === wallTime(now, county.timezone).date ? time : `${date.slice(5)} ${time}`;
}
