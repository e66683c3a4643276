import { outcomeStates } from '@tongtang/lessons/delivery/outcome';
import type { Text } from '@tongtang/model/text';
import { trendOf } from './judged.ts';
import type { Report } from './report.ts';
import { type Cell, countCell, meanCell, percentCell } from './table.ts';
import { headings, outcomeTitles } from './words.ts';

export type SummaryRow = Readonly<{ reference: string; title: Text; value: Cell; unit: Text }>;

const units = {
  percent: { zh: '%', en: '%' },
  points: { zh: '百分点', en: 'percentage points' },
  minutes: { zh: '分钟', en: 'minutes' },
  hours: { zh: '小时', en: 'hours' },
  lessons: { zh: '节', en: 'lessons' },
  schools: { zh: '所', en: 'schools' },
  classes: { zh: '个班', en: 'classes' },
  incidents: { zh: '起', en: 'incidents' },
} as const satisfies Readonly<Record<string, Text>>;

/** The figures of the whole report, one a row. */
export function summaryRows(report: Report): SummaryRow[] {
  const { rates, lessons, lessonsBefore, budget, repair, objective } = report;
  const row = (figure: string, title: Text, value: Cell, unit: Text): SummaryRow => ({
    reference: `${figure}/all`,
    title,
    value,
    unit,
  });
  return [
    row(
      'schools-connected',
      { zh: '校校通', en: 'every school connected' },
      percentCell(rates.schools.met),
      units.percent,
    ),
    row(
      'schools-not-judged',
      { zh: '校校通：未评判', en: 'every school: not judged' },
      countCell(rates.schools.unknown),
      units.schools,
    ),
    row('classes-served', { zh: '班班通', en: 'every class' }, percentCell(rates.classes.met), units.percent),
    row(
      'classes-not-judged',
      { zh: '班班通：未评判', en: 'every class: not judged' },
      countCell(rates.classes.unknown),
      units.classes,
    ),
    row(
      'platforms-reached',
      { zh: '人人通', en: 'everyone: platforms reached' },
      percentCell(rates.platforms.met),
      units.percent,
    ),
    row(
      'platforms-not-judged',
      { zh: '人人通：未评判', en: 'everyone: not judged' },
      countCell(rates.platforms.unknown),
      units.schools,
    ),
    row('availability', headings.availability, percentCell(lessons.availability), units.percent),
    row('coverage', headings.coverage, percentCell(lessons.coverage), units.percent),
    row(
      'availability-before',
      { zh: '上期可用率', en: 'availability before' },
      percentCell(lessonsBefore.availability),
      units.percent,
    ),
    row(
      'coverage-before',
      { zh: '上期覆盖率', en: 'coverage before' },
      percentCell(lessonsBefore.coverage),
      units.percent,
    ),
    row(
      'trend',
      { zh: '与上期之差', en: 'difference to the period before' },
      percentCell(trendOf(lessons, lessonsBefore)),
      units.points,
    ),
    ...outcomeStates.map((state) =>
      row(
        state,
        { zh: `课：${outcomeTitles[state].zh}`, en: `lessons: ${outcomeTitles[state].en}` },
        countCell(lessons.lessons[state]),
        units.lessons,
      ),
    ),
    row('objective', { zh: '目标', en: 'objective' }, percentCell(objective), units.percent),
    row('budget', { zh: '差错预算', en: 'error budget' }, meanCell(budget.allowed), units.minutes),
    row('lost-minutes', { zh: '损失分钟', en: 'minutes lost' }, countCell(budget.used), units.minutes),
    row('budget-left', { zh: '预算剩余', en: 'budget left' }, meanCell(budget.left), units.minutes),
    row(
      'budget-left-share',
      { zh: '预算剩余比例', en: 'budget left, of all' },
      percentCell(budget.leftOfAllowed),
      units.percent,
    ),
    row('incidents', { zh: '故障', en: 'incidents' }, countCell(repair.incidents), units.incidents),
    row(
      'incidents-taking',
      { zh: '其中影响上课', en: 'of which took lesson minutes' },
      countCell(repair.taking),
      units.incidents,
    ),
    row('mttr', { zh: '平均修复时间 MTTR', en: 'MTTR' }, meanCell(repair.mttr), units.minutes),
    row('mtbf', { zh: '平均无故障时间 MTBF', en: 'MTBF' }, meanCell(repair.mtbf), units.hours),
  ];
}
