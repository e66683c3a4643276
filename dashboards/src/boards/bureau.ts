import { type Board, schoolsOfCounty } from '../board.ts';
import { availability, byDay, coverage, incidentsOfRange, lostMinutes, outcomes } from './found.ts';

const line = { measurement: 'link_day', where: `"link" = 'broadband'` } as const;
const platform = { measurement: 'link_day', where: `"link" = 'platform'` } as const;
const linkInLessons = { up: 'lessons_up', known: 'lessons_known', scheduled: 'lessons_scheduled' } as const;
const ofLessons = { up: 'up', known: 'known', scheduled: 'scheduled' } as const;

/** What the bureau asks for: rates, availability, and which schools fall behind. */
export const bureau: Board = {
  id: 'bureau',
  title: { zh: '教育局概览', en: 'Bureau' },
  about: {
    zh: '按报告的方法计算，取自已结算的分钟，长期保存；补传的数据会使数字更正。可用率旁必有覆盖率：未知的不算通，也不算断。正式的报告由“tongtang report”出具，出具后不再变。',
    en: 'By the method of the reports, of minutes that were judged, kept for good; data that come late correct it. Availability stands beside its coverage: what is unknown is neither up nor down. A report that is issued by “tongtang report” stays as it was issued.',
  },
  choices: schoolsOfCounty,
  range: '30d',
  refresh: '15m',
  sections: [
    {
      title: { zh: '所选时间', en: 'The time of the page' },
      panels: [
        {
          kind: 'reached',
          title: { zh: '校校通', en: 'Every school connected' },
          shows: {
            zh: '上课时段地网可用率达到 99.5% 的学校数，与可评判（覆盖率不低于 50%）的学校数',
            en: 'Schools whose broadband in lesson hours was up 99.5 % of the time, of those that can be judged (coverage of 50 % or more)',
          },
          whenRed: 'objective',
          width: 4,
          height: 5,
          place: line,
          fields: linkInLessons,
          by: ['school'],
        },
        {
          kind: 'reached',
          title: { zh: '班班通', en: 'Every class' },
          shows: {
            zh: '课的可用率达到 99.5% 的网班数，与可评判的网班数',
            en: 'Classes whose lessons were up 99.5 % of the time, of those that can be judged',
          },
          whenRed: 'objective',
          width: 4,
          height: 5,
          place: { measurement: 'lesson' },
          fields: ofLessons,
          by: ['school', 'class'],
        },
        {
          kind: 'reached',
          title: { zh: '人人通', en: 'Everyone' },
          shows: {
            zh: '上课时段资源平台可达率达到 99.5% 的学校数，与可评判的学校数',
            en: 'Schools from which the platforms were reached in lesson hours 99.5 % of the time, of those that can be judged',
          },
          whenRed: 'objective',
          width: 4,
          height: 5,
          place: platform,
          fields: linkInLessons,
          by: ['school'],
        },
        {
          kind: 'counts',
          title: { zh: '课的分钟', en: 'Lesson minutes' },
          shows: {
            zh: '所选学校全部课的可用率、覆盖率与损失分钟',
            en: 'Availability, coverage and minutes lost of all lessons of the schools that are chosen',
          },
          whenRed: 'objective',
          width: 12,
          height: 5,
          place: byDay,
          counted: [availability, coverage, lostMinutes],
        },
      ],
    },
    {
      title: { zh: '每天', en: 'Day by day' },
      panels: [
        {
          kind: 'days',
          title: { zh: '课的结果', en: 'What became of lessons' },
          shows: { zh: '每天的课，按结果计数', en: 'The lessons of each day, by what became of them' },
          whenRed: 'lessonLost',
          width: 12,
          height: 10,
          place: byDay,
          counted: outcomes,
        },
        {
          kind: 'days',
          title: { zh: '各校课的可用率', en: "Availability of schools' lessons" },
          shows: {
            zh: '每所学校每天的课中，可用的分钟占已知分钟的比例',
            en: 'Of the known lesson minutes of each school and day, those that were up',
          },
          whenRed: 'objective',
          width: 12,
          height: 10,
          place: byDay,
          counted: [availability],
          by: 'school',
        },
      ],
    },
    {
      title: { zh: '各校', en: 'Schools' },
      panels: [
        {
          kind: 'totals',
          title: { zh: '各校的课', en: 'Lessons by school' },
          shows: {
            zh: '所选时间内每所学校的课、可用率、覆盖率与损失分钟；点表头排序',
            en: 'Lessons, availability, coverage and minutes lost of each school in the time of the page; a click on a heading sorts',
          },
          whenRed: 'objective',
          width: 12,
          height: 14,
          place: byDay,
          counted: [availability, coverage, lostMinutes, ...outcomes],
          by: ['school'],
          opens: 'school',
        },
        {
          kind: 'totals',
          title: { zh: '各校的链路（上课时段）', en: 'Links by school, in lesson hours' },
          shows: {
            zh: '每所学校每条链路在上课时段的可用率与覆盖率，旁边是全天的可用率',
            en: 'Availability and coverage of each link of each school in lesson hours, and its availability round the clock',
          },
          whenRed: 'objective',
          width: 12,
          height: 14,
          place: { measurement: 'link_day' },
          counted: [
            { ...availability, figure: { share: ['lessons_up', 'lessons_known'] } },
            { ...coverage, figure: { share: ['lessons_known', 'lessons_scheduled'] } },
            {
              figure: { share: ['always_up', 'always_known'] },
              title: { zh: '全天可用率', en: 'Round the clock' },
              unit: 'percentunit',
              limits: 'availability',
            },
          ],
          by: ['school', 'link'],
          opens: 'school',
        },
        {
          kind: 'totals',
          title: { zh: '各网班的课', en: 'Lessons by class' },
          shows: {
            zh: '所选时间内每个网班的课的可用率、覆盖率与损失分钟',
            en: 'Availability, coverage and minutes lost of the lessons of each class',
          },
          whenRed: 'objective',
          width: 24,
          height: 12,
          place: { measurement: 'lesson' },
          counted: [availability, coverage, lostMinutes],
          by: ['school', 'class'],
          opens: 'school',
        },
      ],
    },
    { title: { zh: '故障', en: 'Incidents' }, panels: [incidentsOfRange] },
  ],
};
