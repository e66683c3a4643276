import type {
  ChangesAnswer,
  JobAnswer,
  ReportAnswer,
  ReportHeadAnswer,
  ReportsAnswer,
  ScheduleAnswer,
} from '@tongtang/hub/http/report-answers';
import type { Language } from '@tongtang/model/text';
import { wallTime } from '@tongtang/notify/day-time';
import { changeTold } from '@tongtang/reports/changes';
import { decimalOf } from '@tongtang/reports/share';
import type { Static } from 'typebox';
import type { Locale } from './locale.ts';

type Head = Static<typeof ReportHeadAnswer>;
type Report = Static<typeof ReportAnswer>;
type Revision = Report['revisions'][number];

const words = {
  zh: {
    none: '尚无已签发的报告：tongtang report issue --month 2026-11',
    more: '……更早的见网页',
    states: { awaiting: '待审批', issued: '已签发', withdrawn: '已撤回', replaced: '已被替代' },
    reasons: { asked: '人工', scheduled: '定期', 'late-data': '数据补齐' },
    outcomes: {
      issued: (id: string, revision: number) => `已签发：${id}，第 ${revision} 版`,
      awaiting: (id: string, revision: number) => `已生成，待审批：${id}，第 ${revision} 版`,
      unchanged: (id: string, revision: number) => `与此前签发的一致，未产生新版本：${id}，第 ${revision} 版`,
    },
    revision: (number: number) => `第 ${number} 版`,
    availability: '可用率',
    changes: (count: number) => `${count} 处变化`,
    deeds: { made: '生成', approved: '批准', withdrawn: '撤回', replaced: '被替代', sent: '发送' },
    letters: {
      awaiting: '待审批通知',
      issued: '报告',
      revised: '修订',
      withdrawn: '撤回通知',
      sent: '报告',
      trial: '测试',
    },
    letterStates: {
      waiting: '等待发送',
      sent: '已发送',
      failed: '未被接收',
      needless: '发出前已有处理，未发',
    },
    revisions: '版本',
    problems: '需要处理',
    same: '没有变化',
    left: (count: number) => `……另有 ${count} 处`,
    off: '月报：未开启（tongtang report schedule --on --recipients a@example.cn）',
    on: '月报：已开启',
    recipients: '收件人',
    nobody: '无',
    approval: (wanted: boolean) => `审批：${wanted ? '需要' : '不需要'}`,
    approvers: '审批人',
    objective: '目标',
    scope: '范围',
    next: (month: string, at: string) => `下一份：${month}，${at}`,
    last: (month: string, outcome: string) => `上一份：${month}，${outcome}`,
    runs: { issued: '已签发', awaiting: '待审批', unchanged: '此前已签发', nothing: '该月没有课，未生成' },
  },
  en: {
    none: 'No report was issued yet: tongtang report issue --month 2026-11',
    more: '… earlier ones are on the page',
    states: { awaiting: 'awaits approval', issued: 'issued', withdrawn: 'withdrawn', replaced: 'replaced' },
    reasons: { asked: 'asked for', scheduled: 'monthly', 'late-data': 'late data' },
    outcomes: {
      issued: (id: string, revision: number) => `Issued: ${id}, revision ${revision}`,
      awaiting: (id: string, revision: number) => `Made, and awaits approval: ${id}, revision ${revision}`,
      unchanged: (id: string, revision: number) =>
        `It says what was issued before, so there is no new revision: ${id}, revision ${revision}`,
    },
    revision: (number: number) => `revision ${number}`,
    availability: 'availability',
    changes: (count: number) => `${count} changes`,
    deeds: {
      made: 'made',
      approved: 'approved',
      withdrawn: 'withdrawn',
      replaced: 'replaced',
      sent: 'sent',
    },
    letters: {
      awaiting: 'that it awaits approval',
      issued: 'report',
      revised: 'revision',
      withdrawn: 'that it is withdrawn',
      sent: 'report',
      trial: 'test',
    },
    letterStates: {
      waiting: 'waits',
      sent: 'sent',
      failed: 'not taken',
      needless: 'decided before it went, so not sent',
    },
    revisions: 'Revisions',
    problems: 'To be seen to',
    same: 'nothing changed',
    left: (count: number) => `… and ${count} more`,
    off: 'Monthly report: off (tongtang report schedule --on --recipients a@example.cn)',
    on: 'Monthly report: on',
    recipients: 'recipients',
    nobody: 'nobody',
    approval: (wanted: boolean) => `approval: ${wanted ? 'wanted' : 'not wanted'}`,
    approvers: 'approvers',
    objective: 'objective',
    scope: 'scope',
    next: (month: string, at: string) => `next: ${month}, ${at}`,
    last: (month: string, outcome: string) => `last: ${month}, ${outcome}`,
    runs: {
      issued: 'issued',
      awaiting: 'awaits approval',
      unchanged: 'was issued before',
      nothing: 'there were no lessons, so none was made',
    },
  },
} as const satisfies Readonly<Record<Language, unknown>>;

/** What came of a report that was asked for. */
export function jobInWords(
  { outcome, report, revision }: Static<typeof JobAnswer>,
  { language }: Locale,
): string {
  if (outcome === undefined || report === undefined || revision === undefined) return '';
  return `${words[language].outcomes[outcome](report, revision)}\n`;
}

/** Issued reports, a line each. */
export function reportsInWords({ reports, more }: Static<typeof ReportsAnswer>, locale: Locale): string {
  const said = words[locale.language];
  if (reports.length === 0) return `${said.none}\n`;
  const lines = reports.map((report) => headLine(report, locale));
  return `${[...lines, ...(more ? [said.more] : [])].join('\n')}\n`;
}

function headLine(
  { id, title, newest, state, madeAt, figures }: Head,
  { language, timeZone }: Locale,
): string {
  const said = words[language];
  const availability = decimalOf(figures.availability, 2, 100) ?? '–';
  const parts = [
    id,
    title[language],
    said.revision(newest),
    said.states[state],
    moment(madeAt, timeZone),
    `${said.availability} ${availability} %`,
  ];
  return parts.join('  ');
}

/** A report: its figures, its revisions with what was done and who was sent it, and what does not work. */
export function reportInWords(report: Report, locale: Locale): string {
  const { language } = locale;
  const said = words[language];
  const figures = report.summary.map(({ title, value, share, unit }) => {
    const parts = share === undefined || value === undefined ? '' : ` (${share.part}/${share.of})`;
    return `  ${title[language]}: ${value ?? '–'} ${unit[language]}${parts}`;
  });
  return [
    headLine(report, locale),
    `${said.revision(report.revision)}:`,
    ...figures,
    '',
    said.revisions,
    ...report.revisions.flatMap((revision) => revisionLines(revision, locale)),
    ...(report.problems.length === 0
      ? []
      : ['', said.problems, ...report.problems.map((problem) => `  ${problem[language]}`)]),
    '',
  ].join('\n');
}

function revisionLines(revision: Revision, { language, timeZone }: Locale): string[] {
  const { number, state, why, changes, fingerprint, history, letters } = revision;
  const said = words[language];
  const head = [number, said.states[state], said.reasons[why], said.changes(changes), fingerprint];
  return [
    `  ${head.join('  ')}`,
    ...history.map(({ at, by, what, note = '' }) =>
      `    ${moment(at, timeZone)}  ${said.deeds[what]}  ${by}  ${note}`.trimEnd(),
    ),
    ...letters.map((letter) => `    ${letterLine(letter, { language, timeZone })}`),
  ];
}

function letterLine(
  { at, to, kind, state, why }: Revision['letters'][number],
  { language, timeZone }: Locale,
): string {
  const said = words[language];
  const sent = [`${said.letters[kind]} → ${to}`, said.letterStates[state], why?.[language] ?? ''];
  return `${moment(at, timeZone)}  ${sent.join('  ')}`.trimEnd();
}

/** What two revisions say differently. */
export function changesInWords(
  { from, to, changes, more }: Static<typeof ChangesAnswer>,
  { language }: Locale,
): string {
  const said = words[language];
  const lines = changes.map((change) => changeTold(change, language));
  const rest = more > 0 ? [said.left(more)] : [];
  const head = `${said.revision(from)} → ${said.revision(to)}`;
  return `${[head, ...(lines.length === 0 ? [said.same] : lines), ...rest].join('\n')}\n`;
}

/** The monthly report of a county; `timeZone` is the county's. */
export function scheduleInWords(
  schedule: Static<typeof ScheduleAnswer>,
  { language, timeZone }: Locale,
): string {
  const said = words[language];
  const { on, scope, objective, recipients, approval, approvers, next, last, trial, problems } = schedule;
  const named = (people: readonly string[]): string => people.join(', ') || said.nobody;
  return [
    on ? said.on : said.off,
    `  ${said.scope}: ${scope.kind} ${scope.id}`,
    `  ${said.objective}: ${decimalOf({ part: objective, of: 10_000 }, 2, 100)} %`,
    `  ${said.recipients}: ${named(recipients)}`,
    `  ${said.approval(approval)}`,
    ...(approval ? [`  ${said.approvers}: ${named(approvers)}`] : []),
    ...(next === undefined ? [] : [`  ${said.next(next.month, moment(next.at, timeZone))}`]),
    ...(last === undefined
      ? []
      : [`  ${said.last(last.month, `${said.runs[last.outcome]} ${last.report ?? ''}`.trimEnd())}`]),
    ...(trial === undefined ? [] : [`  ${letterLine(trial, { language, timeZone })}`]),
    ...problems.map((problem) => `  ! ${problem[language]}`),
    '',
  ].join('\n');
}

function moment(seconds: number, timeZone: string): string {
  const { date, time } = wallTime(seconds, timeZone);
  return `${date} ${time}`;
}
