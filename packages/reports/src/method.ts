import type { Text } from '@tongtang/model/text';

/** How figures are found, on one page; docs/availability.md says it at length. */
export const method: readonly Text[] = [
  {
    zh: '分钟：每条链路每分钟为良好、劣化、中断、关机、休眠、未知或除外（事先通知的维护）之一，由教室电脑和卫星接收机旁的代理实测得出。没有测到就是未知，绝不当作良好，也绝不当作中断。',
    en: 'Minutes: each link in each minute is good, degraded, down, off, asleep, unknown or excluded (announced work), from what agents on classroom PCs and beside satellite receivers measured. What was not measured is unknown: never up, and never down.',
  },
  {
    zh: '可用率 =（良好 + 劣化）/（良好 + 劣化 + 中断），以整分钟计。每个可用率都附有覆盖率 = 已知 /（已知 + 未知）；关机、休眠和除外的分钟不计入。',
    en: 'Availability = (good + degraded) / (good + degraded + down), in whole minutes. Each stands beside its coverage = known / (known + unknown); minutes off, asleep and excluded do not count.',
  },
  {
    zh: '课：卫星直播课需要教室电脑、天网和直播流；地网直播课需要地网；植入式课需要资源平台；录播课需要教室电脑，有代理查看录播文件夹的，还需要开课时文件在位。正常：已知分钟的 95% 以上良好；中断：一半以上中断；劣化：两者之间；未上：停课，或 95% 的时间关机或休眠；未知：已知分钟不足一半。',
    en: 'Lessons: live by satellite needs the classroom PC, satellite and stream; live by broadband the line; embedded a platform; recorded the PC and, where an agent looks for them, its files when it begins. Delivered: 95 % of its known minutes or more were good. Lost: more than half were down. Degraded: neither. Not held: cancelled, or the PC off or asleep for 95 % of it. Unknown: less than half of its minutes are known.',
  },
  {
    zh: '校校通：上课时间内地网可用率达到目标的学校；班班通：课时可用率达到目标的班级；人人通：上课时间内资源平台可用率达到目标的学校。覆盖率不足 50% 的不作评判，单独列出。',
    en: 'Every school connected: schools whose line in lesson hours met the objective. Every class: classes whose lessons met it. Everyone: schools from which a platform, in lesson hours, met it. Where coverage is below 50 % nothing is judged; those are counted apart.',
  },
  {
    zh: '损失分钟是课中中断的分钟。每分钟归于当时影响该课的最早一起故障；没有故障记录的，原因为不明。责任由原因按固定的对照表得出（见“原因与责任”），不作个案判断。',
    en: 'Lost minutes are the minutes of lessons that were down. Each is laid to the earliest incident that took that lesson then; where none is known the cause is unknown. Responsibility follows from the cause by a fixed table (see causes and responsibility), never case by case.',
  },
  {
    zh: '平均修复时间（MTTR）：在本期开始且已结束的故障从开始到结束的平均分钟数。平均无故障时间（MTBF）：可用的课时小时数 / 造成课时损失的故障数。差错预算：已知课时分钟 ×（1 − 目标），减去中断分钟即为剩余；为负即已超支。',
    en: 'MTTR: minutes from begin to end, on average, of incidents that began in the period and are over. MTBF: hours of lessons that worked, for each incident that took lesson minutes. Error budget: known lesson minutes × (1 − objective); less the minutes that were down it is what is left. Below zero it is overspent.',
  },
  {
    zh: '小时按课的开始时间计，用本县时间。排名按课时可用率；可用率相同名次相同，覆盖率不足 50% 不排名。趋势是与上期可用率之差（百分点）。数字一律向下截取，不进位。',
    en: "An hour is the one in which a lesson begins, by the county's clock. Schools are ranked by availability of their lessons; equal availability has equal rank, and below 50 % coverage there is none. Trend is the difference to the period before, in percentage points. Figures are cut downward, never rounded up.",
  },
  {
    zh: '走访与活动：按学校登记，只计已举行的。服务商首访和服务走访按学期计，学期前的假期计入该学期；督导检查和教研活动按学年计，学年自8月1日起。均计至本期最后一天：尚未结束的学期或学年为截至该日的数字。一个学期多出的不抵另一学期所缺。',
    en: "Visits and activities: entered school by school once they were held. The provider's first visit and service visits are counted by term, with the holidays before it; inspections and teaching-research activities by school year, from 1 August. All are counted until the last day of the period: of a term or year that goes on, so far. What is too much in one term makes up for nothing in another.",
  },
  {
    zh: '迟到的数据会改变有关的分钟：同样的输入得出同样的报告，输入的版本印在报告上，版本不同即为修订。',
    en: 'Data that come late change the minutes that they are about. The same inputs give the same report; the version of the inputs is printed on it, and with another version it is a revision.',
  },
  {
    zh: '核对：每个数字都有引用，如 availability/class/babao/c1。在 HTML 中把指针停在数字上可见；在 XLSX 和 CSV 中，行末是引用的后半，前面加上数字的名称；JSON 的 figures 列出全部。在中心的机器上运行 tongtang report explain <引用>，即列出这个数字由哪些课、哪些分钟、哪些样本得出。',
    en: "To check: every figure has a reference, such as availability/class/babao/c1. HTML shows it where the pointer rests on the number; XLSX and CSV have the end of it in the last column, before which stands the name of the figure; figures in JSON lists all. Run on the hub's machine, tongtang report explain <reference> lists the lessons, minutes and samples that the figure was made of.",
  },
];
