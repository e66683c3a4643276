import { outcomeStates } from '@tongtang/lessons/delivery/outcome';
import type { Text } from '@tongtang/model/text';
import { trendOf } from './judged.ts';
import type { Report } from './report.ts';
import { type Cell, countCell, meanCell, percentCell } from './table.ts';
import { headings, outcomeTitles } from './words.ts';

export type SummaryRow = Readonly<{ title: Text; value: Cell; unit: Text }>;

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
  const row = (zh: string, en: string, value: Cell, unit: Text): SummaryRow => ({
    title: { zh, en },
    value,
    unit,
  });
  return [
    row('校校通', 'every school connected', percentCell(rates.schools.met), units.percent),
    row('校校通：未评判', 'every school: not judged', countCell(rates.schools.unknown), units.schools),
    row('班班通', 'every class', percentCell(rates.classes.met), units.percent),
    row('班班通：未评判', 'every class: not judged', countCell(rates.classes.unknown), units.classes),
    row('人人通', 'everyone: platforms reached', percentCell(rates.platforms.met), units.percent),
    row('人人通：未评判', 'everyone: not judged', countCell(rates.platforms.unknown), units.schools),
    { title: headings.availability, value: percentCell(lessons.availability), unit: units.percent },
    { title: headings.coverage, value: percentCell(lessons.coverage), unit: units.percent },
    row('上期可用率', 'availability before', percentCell(lessonsBefore.availability), units.percent),
    row('上期覆盖率', 'coverage before', percentCell(lessonsBefore.coverage), units.percent),
    row(
      '与上期之差',
      'difference to the period before',
      percentCell(trendOf(lessons, lessonsBefore)),
      units.points,
    ),
    ...outcomeStates.map(
      (state): SummaryRow => ({
        title: { zh: `课：${outcomeTitles[state].zh}`, en: `lessons: ${outcomeTitles[state].en}` },
        value: countCell(lessons.lessons[state]),
        unit: units.lessons,
      }),
    ),
    row('目标', 'objective', percentCell(objective), units.percent),
    row('差错预算', 'error budget', meanCell(budget.allowed), units.minutes),
    row('损失分钟', 'minutes lost', countCell(budget.used), units.minutes),
    row('预算剩余', 'budget left', meanCell(budget.left), units.minutes),
    row('预算剩余比例', 'budget left, of all', percentCell(budget.leftOfAllowed), units.percent),
    row('故障', 'incidents', countCell(repair.incidents), units.incidents),
    row('其中影响上课', 'of which took lesson minutes', countCell(repair.taking), units.incidents),
    row('平均修复时间 MTTR', 'MTTR', meanCell(repair.mttr), units.minutes),
    row('平均无故障时间 MTBF', 'MTBF', meanCell(repair.mtbf), units.hours),
  ];
}
