import { createHash } from 'node:crypto';
import type { ClassLesson } from '@tongtang/lessons/class-lessons';
import { tell } from '@tongtang/lessons/readiness/telling';
import { isIdentifier } from '@tongtang/model/identifier';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { LessonHit, Notice } from '@tongtang/model/notice';
import type { Readiness, ReadinessCheck } from '@tongtang/model/readiness';
import { type Language, languages, type Text } from '@tongtang/model/text';
import { checkNow } from './due.ts';

/** A lesson that was checked just now. */
export type JustChecked = Readonly<{
  lesson: ClassLesson;
  readiness: Readiness;
  /** What it was found to be at its first check. */
  first?: Pick<Readiness, 'at' | 'state'> | undefined;
  /** What its class was found to be last, for this lesson or the one before. */
  before?: Readiness | undefined;
}>;

const what: Text = { zh: '课前检查未通过', en: 'not ready for lessons' };

/**
 * What people are to be told of checks: one notice for each school and period whose lessons are not ready, however many classes it
 * are, and that all is well where they were told otherwise at the first check. Nobody is told of a lesson of which an open incident told
 * already, of announced work, of what was found of the same classes before, and of lessons that no timetable has.
 * @param now hub time in seconds, when they were checked
 */
export function readinessNotices(
  inventory: Inventory,
  checked: readonly JustChecked[],
  now: number,
): Notice[] {
  const told = checked.filter(
    ({ lesson, readiness }) => lesson.origin !== 'periods' && !isToldElsewhere(readiness),
  );
  const groups = Map.groupBy(told, ({ lesson }) => `${lesson.school} ${lesson.start}`);
  return [...groups.values()].flatMap((group) => noticeOf(inventory, group, now) ?? []);
}

function isToldElsewhere({ checks }: Readiness): boolean {
  return checks.some(({ item }) => item === 'incident' || item === 'maintenance');
}

function noticeOf(inventory: Inventory, group: readonly JustChecked[], now: number): Notice | undefined {
  const [some] = group;
  const school = inventory.schools.find(({ id }) => id === some?.lesson.school);
  if (some === undefined || school === undefined) return undefined;
  const { lesson } = some;
  const isLast = checkNow(lesson.start, now) === 'last';
  const failing = group.filter(({ readiness }) => readiness.state === 'not-ready');
  const failedFirst = isLast && group.some(({ first }) => first?.state === 'not-ready');
  const isOver = failing.length === 0 && failedFirst;
  if (!isOver && !failing.some(isNews)) return undefined;
  const checks = failing.flatMap(({ readiness }) => failedIn(readiness));
  const since = Math.min(now, ...checks.map(({ from }) => from ?? now));
  const { county } = inventory;
  const cluster = inventory.clusters.find(({ id }) => id === school.cluster);
  return {
    incident: incidentOf(county.id, lesson),
    step: isLast ? 2 : 1,
    about: 'check',
    kind: isOver ? 'resolved' : failedFirst ? 'updated' : 'opened',
    severity: 'critical',
    county: { id: county.id, name: county.name, timezone: county.timezone },
    ...(cluster && { cluster: { id: cluster.id, name: cluster.name } }),
    school: { id: school.id, name: school.name },
    what,
    cause: isOver ? { zh: '', en: '' } : causeOf(group, now, county.timezone),
    checks: unique(checks.flatMap((check) => tell(check, now, county.timezone)?.todo ?? [])),
    lessons: (isOver ? [] : failing).map(({ lesson: each }) => hitOf(each, school)),
    since: isOver ? brokenSince(group, now) : since,
    ...(isOver && { until: now }),
    at: now,
    evidence: checks.some(({ found }) => found === 'lost' || found === 'unheard') ? 'heard' : 'measured',
    page: `/lessons?county=${county.id}&date=${lesson.date}`,
  };
}

/** Since when what is whole now was broken, as the check before found it. */
function brokenSince(group: readonly JustChecked[], now: number): number {
  const found = group.flatMap(({ before }) => (before?.state === 'not-ready' ? [before] : []));
  return Math.min(now, ...found.flatMap((one) => failedIn(one).map(({ from }) => from ?? one.at)));
}

/** Whether there is something wrong that was not wrong when its class was checked last. */
function isNews({ readiness, before }: JustChecked): boolean {
  const known = new Set(before === undefined ? [] : failedIn(before).map(({ item }) => item));
  return failedIn(readiness).some(({ item }) => !known.has(item));
}

function failedIn({ checks }: Readiness): readonly ReadinessCheck[] {
  return checks.filter(({ state }) => state === 'not-ready');
}

/** What keeps the lessons from being ready, with how many of the classes it concerns where not all. */
function causeOf(group: readonly JustChecked[], now: number, timezone: string): Text {
  const found = Map.groupBy(
    group.flatMap(({ readiness }) => failedIn(readiness)),
    ({ item, found: row }) => `${item} ${row}`,
  );
  const causes = [...found.values()].flatMap((alike): Text[] => {
    const why = alike[0] && tell(alike[0], now, timezone)?.why;
    if (why === undefined) return [];
    if (alike.length === group.length) return [why];
    const { length } = alike;
    return [
      {
        zh: `${why.zh}（${length} 个班）`,
        en: `${why.en} (${length} ${length === 1 ? 'class' : 'classes'})`,
      },
    ];
  });
  const joined = (language: Language, comma: string): string =>
    causes.map((cause) => cause[language]).join(comma);
  return { zh: joined('zh', '；'), en: joined('en', '; ') };
}

function hitOf(lesson: ClassLesson, school: School): LessonHit {
  const of = school.classes.find(({ id }) => id === lesson.class);
  const name = of?.name ?? { zh: lesson.class, en: lesson.class };
  const { subject, start, end } = lesson;
  return {
    school: { id: school.id, name: school.name },
    class: { id: lesson.class, name },
    ...(subject !== undefined && { subject: { zh: subject, en: subject } }),
    start,
    end,
  };
}

/** `ready-1130-2-qilian-hb3z`; notices are remembered for a month, so the year is not needed. */
function incidentOf(county: string, { school, date, period }: ClassLesson): string {
  const when = `ready-${date.slice(5).replace('-', '')}-${period}`;
  const named = `${when}-${county}-${school}`;
  if (isIdentifier(named)) return named;
  return `${when}-${createHash('sha256').update(`${county}/${school}`).digest('hex').slice(0, 8)}`;
}

function unique(texts: readonly Text[]): Text[] {
  const same = (a: Text, b: Text): boolean => languages.every((language) => a[language] === b[language]);
  return texts.filter((text, index) => texts.findIndex((other) => same(other, text)) === index);
}
