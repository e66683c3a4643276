import { outcomeStates } from '@tongtang/lessons/delivery/outcome';
import { clockOf, dayOf } from '@tongtang/lessons/plain-date';
import { modeWords } from '@tongtang/lessons/words';
import { causes, causeTitles, nodeTitles } from '@tongtang/model/incident';
import { linkTitles } from '@tongtang/model/link';
import type { Text } from '@tongtang/model/text';
import type { Delivery, Report } from './report.ts';
import { responsibilityOf, responsibilityTitles } from './responsibility.ts';
import { summaryRows } from './summary.ts';
import { type ColumnOf, count, isNumber, percent, points, type Table, tableOf, text } from './table.ts';
import { visitTables } from './visits.ts';
import { confidenceTitles, headings, outcomeTitles, simulated } from './words.ts';

/** Everything that a report says, as tables. HTML, CSV and XLSX print these, and nothing else. */
export function tablesOf(report: Report): Table[] {
  return [
    summary(report),
    ...deliveryTables(report),
    ...troubleTables(report),
    ...visitTables(report),
    ...basisTables(report),
  ];
}

function summary(report: Report): Table {
  return tableOf(
    'summary',
    { zh: '总览', en: 'Summary' },
    summaryRows(report),
    [
      text({ zh: '指标', en: 'figure' }, ({ title }) => title),
      {
        title: { zh: '数值', en: 'value' },
        kind: 'ratio',
        cell: ({ value, reference }) => (isNumber(value) ? { ...value, reference } : value),
      },
      text({ zh: '单位', en: 'unit' }, ({ unit }) => unit),
    ],
    ({ reference }) => reference,
  );
}

/** What became of lessons: availability, coverage, lessons by outcome, minutes lost. */
function delivery<Row extends Delivery>(): ColumnOf<Row>[] {
  return [
    percent(headings.availability, ({ availability }) => availability, 'availability'),
    percent(headings.coverage, ({ coverage }) => coverage, 'coverage'),
    ...outcomeStates.map((state) => count<Row>(outcomeTitles[state], ({ lessons }) => lessons[state], state)),
    count(headings.lostMinutes, ({ minutes }) => minutes.down, 'lost-minutes'),
  ];
}

function deliveryTables({ modes, days, hours, schools, classes, links }: Report): Table[] {
  return [
    tableOf(
      'modes',
      { zh: '按授课方式', en: 'By mode' },
      modes,
      [
        text({ zh: '方式', en: 'mode' }, ({ mode }) => modeWords[mode]),
        ...delivery<Report['modes'][number]>(),
      ],
      ({ mode }) => `mode/${mode}`,
    ),
    tableOf(
      'schools',
      { zh: '学校排名', en: 'Schools, ranked' },
      schools,
      [
        count({ zh: '名次', en: 'rank' }, ({ rank }) => rank, 'rank'),
        text(headings.school, ({ name }) => name),
        ...delivery<Report['schools'][number]>(),
        percent({ zh: '上期', en: 'before' }, ({ before }) => before, 'availability-before'),
        points({ zh: '趋势', en: 'trend' }, ({ trend }) => trend, 'trend'),
      ],
      ({ school }) => `school/${school}`,
    ),
    tableOf(
      'classes',
      { zh: '班级', en: 'Classes' },
      classes,
      [text({ zh: '网班', en: 'class' }, ({ name }) => name), ...delivery<Report['classes'][number]>()],
      (row) => `class/${row.school}/${row.class}`,
    ),
    tableOf(
      'links',
      { zh: '链路', en: 'Links' },
      links,
      [
        text(headings.school, ({ name }) => name),
        text({ zh: '链路', en: 'link' }, ({ link }) => linkTitles[link]),
        percent(
          { zh: '上课时间可用率', en: 'in lessons' },
          ({ lessons }) => lessons.availability,
          'availability',
        ),
        percent(
          { zh: '上课时间覆盖率', en: 'coverage in lessons' },
          ({ lessons }) => lessons.coverage,
          'coverage',
        ),
        percent(
          { zh: '全天可用率', en: 'round the clock' },
          ({ always }) => always.availability,
          'availability-always',
        ),
        percent(
          { zh: '全天覆盖率', en: 'coverage round the clock' },
          ({ always }) => always.coverage,
          'coverage-always',
        ),
      ],
      ({ school, link }) => `link/${school}/${link}`,
    ),
    tableOf(
      'days',
      { zh: '逐日', en: 'Day by day' },
      days,
      [text(headings.date, ({ date }) => date), ...delivery<Report['days'][number]>()],
      ({ date }) => `day/${date}`,
    ),
    tableOf(
      'hours',
      { zh: '按时段', en: 'By hour of the day' },
      hours,
      [
        text({ zh: '时段', en: 'hour' }, ({ hour }) => hourText(hour)),
        ...delivery<Report['hours'][number]>(),
      ],
      ({ hour }) => `hour/${twoDigits(hour)}`,
    ),
  ];
}

function troubleTables({ county, lost, responsibilities, worst, incidents }: Report): Table[] {
  const moment = (seconds: number | undefined): string | undefined =>
    seconds === undefined
      ? undefined
      : `${dayOf(seconds, county.timezone)} ${clockOf(seconds, county.timezone)}`;
  return [
    tableOf(
      'responsibilities',
      { zh: '按责任', en: 'By responsibility' },
      responsibilities,
      [
        text(headings.responsibility, ({ responsibility }) => responsibilityTitles[responsibility]),
        count(headings.lostMinutes, ({ minutes }) => minutes, 'lost-minutes'),
      ],
      ({ responsibility }) => `responsibility/${responsibility}`,
    ),
    tableOf(
      'causes',
      { zh: '按原因', en: 'By cause' },
      lost,
      [
        text(headings.cause, ({ cause }) => causeTitles[cause]),
        text(headings.responsibility, ({ responsibility }) => responsibilityTitles[responsibility]),
        count(headings.lostMinutes, ({ minutes }) => minutes, 'lost-minutes'),
        count(headings.lessons, ({ lessons }) => lessons, 'lessons'),
      ],
      ({ cause }) => `cause/${cause}`,
    ),
    tableOf(
      'worst-hours',
      { zh: '损失最多的时段', en: 'Worst hours' },
      worst,
      [
        text(headings.date, ({ date }) => date),
        text({ zh: '时段', en: 'hour' }, ({ hour }) => hourText(hour)),
        count(headings.lostMinutes, ({ lostMinutes }) => lostMinutes, 'lost-minutes'),
        count(headings.lessons, ({ lessons }) => lessons, 'lessons'),
      ],
      ({ date, hour }) => `worst-hour/${date}/${twoDigits(hour)}`,
    ),
    tableOf(
      'incidents',
      { zh: '故障清单', en: 'Incidents' },
      incidents,
      [
        text({ zh: '编号', en: 'id' }, ({ id }) => id),
        text({ zh: '开始', en: 'from' }, ({ from }) => moment(from)),
        text({ zh: '结束', en: 'to' }, ({ to }) => moment(to) ?? ongoing),
        text({ zh: '位置', en: 'where' }, ({ node, school, classroom }) =>
          spaced([school, classroom, nodeTitles[node]]),
        ),
        text(headings.cause, ({ cause }) => causeTitles[cause]),
        text({ zh: '把握', en: 'confidence' }, ({ confidence }) => confidenceTitles[confidence]),
        text(headings.responsibility, ({ responsibility }) => responsibilityTitles[responsibility]),
        count(headings.lostMinutes, ({ lostMinutes }) => lostMinutes, 'lost-minutes'),
        count(headings.lessons, ({ lessons }) => lessons, 'lessons'),
      ],
      ({ id }) => `incident/${id}`,
    ),
  ];
}

const ongoing: Text = { zh: '仍在继续', en: 'goes on' };

function basisTables({ county, inputs, completeness, method, isSimulated }: Report): Table[] {
  const { settledTo, isComplete, agentDays, minutes, incidents, inventory, timetable, visits, before } =
    inputs;
  const { timezone } = county;
  const settled =
    settledTo === undefined
      ? { zh: '尚无', en: 'nothing yet' }
      : `${dayOf(settledTo - 1, timezone)} ${clockOf(settledTo - 1, timezone)}`;
  const versions: readonly Readonly<{ title: Text; value: Text | string }>[] = [
    ...(isSimulated ? [{ title: { zh: '数据来源', en: 'source of data' }, value: simulated }] : []),
    { title: { zh: '数据截至', en: 'settled to' }, value: settled },
    {
      title: { zh: '本期是否完整', en: 'whole period' },
      value: isComplete ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' },
    },
    { title: { zh: '代理·日', en: 'days of agents' }, value: String(agentDays) },
    { title: { zh: '分钟数据指纹', en: 'fingerprint of minutes' }, value: minutes },
    { title: { zh: '故障指纹', en: 'fingerprint of incidents' }, value: incidents },
    { title: { zh: '清单指纹', en: 'fingerprint of the inventory' }, value: inventory },
    { title: { zh: '课表指纹', en: 'fingerprint of the timetable' }, value: timetable },
    { title: { zh: '走访登记指纹', en: 'fingerprint of the register of visits' }, value: visits },
    { title: { zh: '上期数据指纹', en: 'fingerprint of the period before' }, value: before },
    { title: { zh: '时区', en: 'time zone' }, value: timezone },
  ];
  return [
    tableOf(
      'completeness',
      { zh: '数据完整性', en: 'Completeness of data' },
      completeness,
      [
        text(headings.school, ({ name }) => name),
        percent({ zh: '有数据的天数', en: 'days with data' }, ({ days }) => days, 'days'),
        count({ zh: '代理数', en: 'agents' }, ({ agents }) => agents, 'agents'),
        percent(headings.coverage, ({ coverage }) => coverage, 'coverage'),
        count({ zh: '未知的课', en: 'lessons unknown' }, ({ unknownLessons }) => unknownLessons, 'unknown'),
      ],
      ({ school }) => `school/${school}`,
    ),
    tableOf('inputs', { zh: '输入的版本', en: 'Version of the inputs' }, versions, [
      text({ zh: '项目', en: 'item' }, ({ title }) => title),
      text({ zh: '内容', en: 'content' }, ({ value }) => value),
    ]),
    tableOf('method', { zh: '计算方法', en: 'Method' }, method, [
      text({ zh: '说明', en: 'how figures are found' }, (paragraph) => paragraph),
    ]),
    tableOf('cause-table', { zh: '原因与责任', en: 'Causes and responsibility' }, causes, [
      text(headings.cause, (cause) => causeTitles[cause]),
      text(headings.responsibility, (cause) => responsibilityTitles[responsibilityOf[cause]]),
    ]),
  ];
}

function hourText(hour: number): string {
  return `${twoDigits(hour)}:00`;
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, '0');
}

function spaced(texts: readonly (Text | undefined)[]): Text {
  const there = texts.flatMap((one) => (one === undefined ? [] : [one]));
  return { zh: there.map(({ zh }) => zh).join(' '), en: there.map(({ en }) => en).join(' ') };
}
