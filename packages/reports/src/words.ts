import type { OutcomeState } from '@tongtang/lessons/delivery/outcome';
import type { Confidence } from '@tongtang/model/incident';
import type { Text } from '@tongtang/model/text';

export const outcomeTitles: Readonly<Record<OutcomeState, Text>> = {
  delivered: { zh: '正常', en: 'delivered' },
  degraded: { zh: '劣化', en: 'degraded' },
  lost: { zh: '中断', en: 'lost' },
  'not-held': { zh: '未上', en: 'not held' },
  unknown: { zh: '未知', en: 'unknown' },
};

export const confidenceTitles: Readonly<Record<Confidence, Text>> = {
  low: { zh: '低', en: 'low' },
  medium: { zh: '中', en: 'medium' },
  high: { zh: '高', en: 'high' },
};

/** Headings of a report that several places print. */
export const headings = {
  availability: { zh: '可用率', en: 'availability' },
  coverage: { zh: '覆盖率', en: 'coverage' },
  school: { zh: '学校', en: 'school' },
  lostMinutes: { zh: '损失分钟', en: 'minutes lost' },
  lessons: { zh: '课数', en: 'lessons' },
  responsibility: { zh: '责任', en: 'responsibility' },
  cause: { zh: '原因', en: 'cause' },
  date: { zh: '日期', en: 'date' },
} as const satisfies Readonly<Record<string, Text>>;

/** Stands at the head of every report that nobody measured. */
export const simulated: Text = { zh: '模拟数据，并非实测', en: 'simulated data, nobody measured it' };
