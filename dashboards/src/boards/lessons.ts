import { type Board, schoolsOfCounty } from '../board.ts';
import { byDay, lessonColumns, lessonsAtRisk, lostMinutes, outcomes } from './found.ts';

/** The lessons of a day: which can be held, and what became of those that are over. */
export const lessons: Board = {
  id: 'lessons',
  title: { zh: '当日课程', en: 'Lessons of a day' },
  about: {
    zh: '打开时是今天，包括尚未开始的课；换一天看，把时间范围设为那一天。课结束几分钟后结算，补传的数据到达后自动更正。',
    en: 'Today when it opens, with the lessons to come; for another day set the time range to that day. A lesson is judged some minutes after its end, and corrected by data that come late.',
  },
  choices: schoolsOfCounty,
  range: 'd',
  refresh: '1m',
  sections: [
    {
      title: { zh: '现在', en: 'Now' },
      panels: [
        lessonsAtRisk,
        {
          kind: 'counts',
          title: { zh: '已结算的课', en: 'Lessons that are over' },
          shows: {
            zh: '所选时间内已结算的课，按结果计数；停课的计入“未上”',
            en: 'Lessons of the time of the page that were judged, by what became of them; cancelled ones were not held',
          },
          whenRed: 'lessonLost',
          width: 24,
          height: 4,
          place: byDay,
          counted: [...outcomes, lostMinutes],
        },
      ],
    },
    {
      title: { zh: '全部课', en: 'All lessons' },
      panels: [
        {
          kind: 'list',
          title: { zh: '课表与结果', en: 'Lessons and what became of them' },
          shows: {
            zh: '所选时间内的每一节课：课前检查、结果、损失分钟与原因。晚的在前，点表头可按任意一列排序',
            en: 'Each lesson of the time of the page: its check before, its outcome, the minutes that were lost and why. The last ones first; a click on a heading sorts by that column',
          },
          whenRed: 'lessonLost',
          width: 24,
          height: 22,
          place: { measurement: 'lesson' },
          began: { zh: '开始', en: 'Begin' },
          columns: lessonColumns,
          opens: 'school',
          none: { zh: '这段时间没有课', en: 'no lesson in this time' },
        },
      ],
    },
  ],
};
