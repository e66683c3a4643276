import type { Text } from '@tongtang/model/text';

const lessonState: Text = {
  zh: '结果为此的课；每节课加 1。',
  en: 'Lessons with this outcome; each adds 1.',
};

/** How a figure is found, by its name. */
const hows: Readonly<Record<string, Text>> = {
  availability: {
    zh: '（良好 + 劣化）/（良好 + 劣化 + 中断）分钟，逐条相加。停课的分钟不计。',
    en: '(good + degraded) / (good + degraded + down) minutes, added up. Minutes of cancelled lessons do not count.',
  },
  coverage: {
    zh: '已知 /（已知 + 未知）分钟，逐条相加；关机、休眠和除外的分钟不计。',
    en: 'known / (known + unknown) minutes, added up; minutes off, asleep and excluded do not count.',
  },
  delivered: lessonState,
  degraded: lessonState,
  lost: lessonState,
  'not-held': lessonState,
  unknown: lessonState,
  'lost-minutes': { zh: '课中中断的分钟，逐节相加。', en: 'Minutes of lessons that were down, added up.' },
  lessons: { zh: '损失了分钟的课；每节课加 1。', en: 'Lessons that lost minutes; each adds 1.' },
  rank: {
    zh: '可用率更高的学校各加 1，本校加 1；可用率相同名次相同。',
    en: 'Each school whose availability is higher adds 1, and the school itself; equal availability has equal rank.',
  },
  trend: { zh: '本期可用率减去上期可用率。', en: 'Availability less that of the period before.' },
  'schools-connected': {
    zh: '上课时间内地网可用率达到目标的学校 / 可以评判的学校；覆盖率不足 50% 的不评判。',
    en: 'Schools whose line met the objective in lesson hours / those that could be judged; below 50 % coverage none is.',
  },
  'schools-not-judged': {
    zh: '上课时间内地网覆盖率不足 50% 的学校；每所加 1。',
    en: 'Schools whose line is known for less than 50 % of lesson hours; each adds 1.',
  },
  'classes-served': {
    zh: '课时可用率达到目标的班级 / 可以评判的班级；覆盖率不足 50% 的不评判。',
    en: 'Classes whose lessons met the objective / those that could be judged; below 50 % coverage none is.',
  },
  'classes-not-judged': {
    zh: '课时覆盖率不足 50% 的班级；每班加 1。',
    en: 'Classes of whose lessons less than 50 % is known; each adds 1.',
  },
  'platforms-reached': {
    zh: '上课时间内资源平台可用率达到目标的学校 / 可以评判的学校；覆盖率不足 50% 的不评判。',
    en: 'Schools from which a platform met the objective in lesson hours / those that could be judged; below 50 % coverage none is.',
  },
  'platforms-not-judged': {
    zh: '上课时间内资源平台覆盖率不足 50% 的学校；每所加 1。',
    en: 'Schools of whose platforms less than 50 % of lesson hours is known; each adds 1.',
  },
  objective: { zh: '事先设定，不是测得的。', en: 'It was set, and not measured.' },
  budget: {
    zh: '已知课时分钟（可用率的分母）×（1 − 目标）。',
    en: 'Known lesson minutes (what the availability is of) × (1 − objective).',
  },
  'budget-left': { zh: '差错预算减去损失分钟。', en: 'The error budget less the minutes that were lost.' },
  'budget-left-share': { zh: '预算剩余 / 差错预算。', en: 'What is left of the budget / the budget.' },
  incidents: { zh: '本期的故障；每起加 1。', en: 'Incidents of the period; each adds 1.' },
  'incidents-taking': {
    zh: '造成课时损失的故障；每起加 1。',
    en: 'Incidents that took lesson minutes; each adds 1.',
  },
  mttr: {
    zh: '在本期开始且已结束的故障：从开始到结束的秒数 /（60 × 起数）。',
    en: 'Incidents that began in the period and are over: seconds from begin to end / (60 × their number).',
  },
  mtbf: {
    zh: '可用的课时分钟 /（60 × 造成课时损失的故障数）。',
    en: 'Lesson minutes that worked / (60 × incidents that took lesson minutes).',
  },
  days: {
    zh: '有分钟数据的天 / 已开始的天。',
    en: 'Days with minutes of any agent / those that have begun.',
  },
  agents: { zh: '有分钟数据的代理；每个加 1。', en: 'Agents of which there are minutes; each adds 1.' },
};

/** How the figure of a reference is found. @throws RangeError of a name that no figure has */
export function howOf(reference: string): Text {
  const [name = ''] = reference.split('/');
  const how = hows[name.replace(/-(before|always)$/, '')];
  if (how === undefined) throw new RangeError(`no figure is called ${name}`);
  return how;
}
