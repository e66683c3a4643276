import type { IncidentAnswer, IncidentSummary } from '@tongtang/hub/http/incident-answers';
import type { Confidence, IncidentState } from '@tongtang/model/incident';
import type { Severity } from '@tongtang/model/notice';
import type { Language } from '@tongtang/model/text';
import { wallTime } from '@tongtang/notify/day-time';
import type { Static } from 'typebox';
import type { CountyAnswer, PlacesAnswer } from './hub-client.ts';

type Summary = Static<typeof IncidentSummary>;
type Answer = Static<typeof IncidentAnswer>;
type Lesson = Summary['lessons'][number];

type Words = Readonly<{
  none: string;
  severities: Readonly<Record<Severity, string>>;
  states: Readonly<Record<IncidentState, string>>;
  sure: Readonly<Record<Confidence, string>>;
  headline: (place: string, where: string, why: string, sure: string) => string;
  wide: (county: string, schools: number) => string;
  since: (time: string) => string;
  lasted: (from: string, to: string) => string;
  lessons: (count: number) => string;
  next: (lesson: string) => string;
  acknowledgedBy: (who: string) => string;
  checks: string;
  saw: string;
  history: string;
  events: Readonly<Record<string, string>>;
}>;

const words: Readonly<Record<Language, Words>> = {
  zh: {
    none: '没有未解决的故障',
    severities: { critical: '严重', warning: '警告', info: '提示' },
    states: {
      open: '未解决',
      acknowledged: '处理中',
      resolved: '已恢复',
      closed: '已手动关闭',
      withdrawn: '已撤回',
      joined: '已并入',
    },
    sure: { high: '可以确定', medium: '很可能', low: '仅为推测' },
    headline: (place, where, why, sure) => `${place} · ${where}：${why}（${sure}）`,
    wide: (county, schools) => `${county} ${schools} 所学校`,
    since: (time) => `自 ${time} 起`,
    lasted: (from, to) => `${from} 至 ${to}`,
    lessons: (count) => `${count} 节课受影响`,
    next: (lesson) => `下一节 ${lesson}`,
    acknowledgedBy: (who) => `${who} 负责处理`,
    checks: '先查什么',
    saw: '所见',
    history: '经过',
    events: {
      opened: '发现故障',
      acknowledged: '认领',
      noted: '备注',
      closed: '手动关闭',
      resolved: '恢复',
      reopened: '重新打开',
      found: '重新判定',
      corrected: '更正了时间',
      withdrawn: '撤回',
      joined: '并入另一故障',
    },
  },
  en: {
    none: 'No open incident',
    severities: { critical: 'critical', warning: 'warning', info: 'info' },
    states: {
      open: 'open',
      acknowledged: 'acknowledged',
      resolved: 'resolved',
      closed: 'closed by hand',
      withdrawn: 'withdrawn',
      joined: 'part of another',
    },
    sure: { high: 'certain', medium: 'likely', low: 'a guess' },
    headline: (place, where, why, sure) => `${place} · ${where}: ${why} (${sure})`,
    wide: (county, schools) => `${county}, ${schools} schools`,
    since: (time) => `since ${time}`,
    lasted: (from, to) => `${from} to ${to}`,
    lessons: (count) => `lessons hit: ${count}`,
    next: (lesson) => `next: ${lesson}`,
    acknowledgedBy: (who) => `${who} takes care of it`,
    checks: 'Check first',
    saw: 'What was seen',
    history: 'History',
    events: {
      opened: 'found',
      acknowledged: 'acknowledged',
      noted: 'note',
      closed: 'closed by hand',
      resolved: 'ended',
      reopened: 'open again',
      found: 'found anew',
      corrected: 'its time was corrected',
      withdrawn: 'withdrawn',
      joined: 'part of another',
    },
  },
};

/** What somebody should know who did something to an incident that changes nothing of it. */
export function hintAfter(
  deed: 'acknowledge' | 'close' | 'reopen',
  { state }: Pick<Summary, 'state'>,
  language: Language,
): string | undefined {
  if (deed !== 'acknowledge' || state === 'acknowledged') return undefined;
  const known: string = words[language].states[state];
  return language === 'zh'
    ? `这起故障${known}，不再需要认领：已记入经过，其余不变`
    : `It is ${known}, so nobody need take care of it any more: that is in its history, and nothing else changes`;
}

/** Incidents as a list for people, two lines each, in the time of their county. */
export function incidentsInWords(
  incidents: readonly Summary[],
  places: PlacesAnswer,
  now: number,
  language: Language,
): string {
  if (incidents.length === 0) return `${words[language].none}\n`;
  return incidents
    .map((incident) =>
      headOf(incident, places, now, language)
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('');
}

/** An incident with what was seen, what to check first, and what happened. */
export function incidentInWords(
  incident: Answer,
  places: PlacesAnswer,
  now: number,
  language: Language,
): string {
  const text = words[language];
  const county = countyOf(places, incident);
  const events = incident.history.map(({ time, what, who, text: note, found }) =>
    [
      clock(time, county),
      text.events[what] ?? what,
      ...(who === undefined ? [] : [who]),
      ...(found === undefined ? [] : [`${found.where[language]}, ${found.why[language]}`]),
      ...(note === undefined ? [] : [note]),
    ].join('  '),
  );
  const checks = incident.checks.map((check, index) => `${index + 1}. ${check[language]}`);
  return [
    ...headOf(incident, places, now, language),
    ...section(
      text.saw,
      incident.saw.map((statement) => statement[language]),
    ),
    ...section(text.checks, checks),
    ...section(text.history, events),
    '',
  ].join('\n');
}

function headOf(incident: Summary, places: PlacesAnswer, now: number, language: Language): string[] {
  const text = words[language];
  const { id, severity, state, where, why, confidence, from, to, lessons, acknowledgedBy } = incident;
  const county = countyOf(places, incident);
  const ahead = to === undefined ? lessons.find(({ end }) => end > now) : undefined;
  const facts = [
    to === undefined ? text.since(clock(from, county)) : text.lasted(clock(from, county), clock(to, county)),
    state === 'acknowledged' && acknowledgedBy !== undefined
      ? text.acknowledgedBy(acknowledgedBy)
      : text.states[state],
    ...(lessons.length === 0 ? [] : [text.lessons(lessons.length)]),
    ...(ahead === undefined ? [] : [text.next(lessonInWords(ahead, county, language))]),
  ];
  const place = placeInWords(incident, county, language);
  return [
    `${id}  ${text.severities[severity]}  ${text.headline(place, where[language], why[language], text.sure[confidence])}`,
    `  ${facts.join('  ')}`,
  ];
}

function countyOf({ counties }: PlacesAnswer, { place }: Pick<Summary, 'place'>): CountyAnswer | undefined {
  return counties.find(({ id }) => id === place.county);
}

function placeInWords(
  { place, schools }: Summary,
  county: CountyAnswer | undefined,
  language: Language,
): string {
  if (place.school === undefined) {
    const wide = words[language].wide(county?.name[language] ?? place.county, schools.length);
    const { provider } = place;
    if (provider === undefined) return wide;
    return `${wide} · ${county?.providers.find(({ id }) => id === provider)?.name[language] ?? provider}`;
  }
  const school = county?.schools.find(({ id }) => id === place.school);
  const room = school?.classrooms.find(({ id }) => id === place.classroom);
  const parts = [school?.name[language] ?? place.school];
  if (place.classroom !== undefined) parts.push(room?.name[language] ?? place.classroom);
  return parts.join(' · ');
}

function lessonInWords(lesson: Lesson, county: CountyAnswer | undefined, language: Language): string {
  const school = county?.schools.find(({ id }) => id === lesson.school);
  const entry = school?.classrooms.flatMap(({ classes }) => classes).find(({ id }) => id === lesson.class);
  const { time } = wallTime(lesson.start, county?.timezone ?? 'UTC');
  return [
    time,
    school?.name[language] ?? lesson.school,
    entry?.name[language] ?? lesson.class,
    ...(lesson.subject === undefined ? [] : [lesson.subject]),
  ].join(' ');
}

function clock(seconds: number, county: CountyAnswer | undefined): string {
  const { date, time } = wallTime(seconds, county?.timezone ?? 'UTC');
  return `${date} ${time}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
