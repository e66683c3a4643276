import type { Column, ConcludedSpec, Counted } from '../concluded-panel.ts';
import type { PanelSpec } from '../panel.ts';

/** Panels of what the hub concluded that more than one page shows. */

const school: readonly Column[] = [
  { of: 'school_*', title: { zh: '学校', en: 'School' } },
  { of: 'class_*', title: { zh: '网班', en: 'Class' } },
  { of: 'period', title: { zh: '节次', en: 'Period' }, width: 60 },
  { of: 'subject', title: { zh: '科目', en: 'Subject' } },
  { of: 'mode', title: { zh: '形式', en: 'Mode' }, words: 'mode', width: 90 },
];
/** Links lead by it, and charts call schools so. */
const id: Column = { of: 'school', title: { zh: '学校标识', en: 'School id' }, width: 90 };
const why: readonly Column[] = [
  { of: 'why_*', title: { zh: '为什么', en: 'Why' } },
  { of: 'todo_*', title: { zh: '怎么办', en: 'What to do' } },
];
const readiness: Column = {
  of: 'readiness',
  title: { zh: '课前检查', en: 'Readiness' },
  words: 'readiness',
  width: 100,
};

export const lessonColumns: readonly Column[] = [
  ...school,
  readiness,
  { of: 'state', title: { zh: '结果', en: 'Outcome' }, words: 'outcome', width: 100 },
  {
    of: 'lost_minutes',
    title: { zh: '损失分钟', en: 'Minutes lost' },
    limits: 'anything',
    width: 90,
  },
  { of: 'cause_*', title: { zh: '原因', en: 'Cause' } },
  { of: 'incident', title: { zh: '故障编号', en: 'Incident' } },
  ...why,
  id,
];

/** Lessons on, or to begin, that were found to be at risk. */
export const lessonsAtRisk: PanelSpec = {
  kind: 'list',
  title: { zh: '有风险的课', en: 'Lessons at risk' },
  shows: {
    zh: '两小时内开始或刚开始的课中，课前检查（课前 15 分钟和 5 分钟）未通过的',
    en: 'Of the lessons that begin within two hours or have just begun, those that the check before them (15 and 5 minutes ahead) found at risk or not ready',
  },
  whenRed: 'lessonAtRisk',
  width: 24,
  height: 8,
  place: {
    measurement: 'lesson',
    where: `"state" = 'to-come' AND ("readiness" = 'at-risk' OR "readiness" = 'not-ready') AND time > now() - 1h AND time < now() + 2h`,
    when: 'always',
  },
  began: { zh: '开始', en: 'Begins' },
  columns: [...school, readiness, ...why, id],
  opens: 'school',
  none: { zh: '没有有风险的课', en: 'no lesson at risk' },
};

const incidentColumns: readonly Column[] = [
  { of: 'severity', title: { zh: '级别', en: 'Severity' }, words: 'severity', width: 90 },
  { of: 'state', title: { zh: '状态', en: 'State' }, words: 'incident', width: 110 },
  { of: 'place_*', title: { zh: '哪里', en: 'Where' } },
  { of: 'cause_*', title: { zh: '原因', en: 'Cause' } },
  { of: 'schools', title: { zh: '学校数', en: 'Schools' }, width: 80 },
  { of: 'lessons', title: { zh: '影响的课', en: 'Lessons hit' }, width: 90 },
  { of: 'id', title: { zh: '编号', en: 'Number' } },
];

export const openIncidents: PanelSpec = {
  kind: 'list',
  title: { zh: '未恢复的故障', en: 'Open incidents' },
  shows: {
    zh: '此刻全县未恢复的故障，无论从何时开始，新的在前',
    en: 'Incidents of the county that are not over, whenever they began; the newest first',
  },
  whenRed: 'incident',
  width: 24,
  height: 7,
  place: { measurement: 'incident', where: '"open" = true', when: 'always' },
  began: { zh: '开始', en: 'Since' },
  columns: incidentColumns,
  none: { zh: '没有未恢复的故障', en: 'no incident is open' },
};

export const incidentsOfRange: PanelSpec = {
  kind: 'list',
  title: { zh: '故障', en: 'Incidents' },
  shows: {
    zh: '所选时间内开始的全县故障，新的在前',
    en: 'Incidents of the county that began within the time of the page; the newest first',
  },
  whenRed: 'incident',
  width: 24,
  height: 9,
  place: { measurement: 'incident' },
  began: { zh: '开始', en: 'Begin' },
  columns: [
    ...incidentColumns,
    { of: 'end_ms', title: { zh: '恢复', en: 'End' }, unit: 'dateTimeAsIso', words: 'end', width: 170 },
  ],
  none: { zh: '没有故障', en: 'no incident' },
};

/** What became of lessons, counted by days. */
export const outcomes: readonly Counted[] = [
  { figure: { sum: 'delivered' }, title: { zh: '正常', en: 'Delivered' }, colour: 'green' },
  { figure: { sum: 'degraded' }, title: { zh: '降级', en: 'Degraded' }, colour: 'orange' },
  { figure: { sum: 'lost' }, title: { zh: '中断', en: 'Lost' }, colour: 'red' },
  { figure: { sum: 'not_held' }, title: { zh: '未上', en: 'Not held' }, colour: 'gray' },
  { figure: { sum: 'unknown' }, title: { zh: '未知', en: 'Unknown' }, colour: 'gray' },
];

export const availability: Counted = {
  figure: { share: ['up', 'known'] },
  title: { zh: '可用率', en: 'Availability' },
  unit: 'percentunit',
  limits: 'availability',
};
export const coverage: Counted = {
  figure: { share: ['known', 'scheduled'] },
  title: { zh: '覆盖率', en: 'Coverage' },
  unit: 'percentunit',
  limits: 'coverage',
};
export const lostMinutes: Counted = {
  figure: { sum: 'lost_minutes' },
  title: { zh: '损失分钟', en: 'Minutes lost' },
  limits: 'anything',
};
export const byDay = { measurement: 'school_day' } as const satisfies Extract<
  ConcludedSpec,
  { kind: 'days' }
>['place'];
