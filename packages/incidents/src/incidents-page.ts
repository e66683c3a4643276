import {
  isYesNo,
  type Sign,
  type Threshold,
  type Tracked,
  thresholds,
  trackedConditions,
} from '@tongtang/model/condition-thresholds';
import { type Condition, causeTitles, conditionTitles, nodeTitles } from '@tongtang/model/incident';
import type { Text } from '@tongtang/model/text';
import { checksOf, decisionTable, type Row } from './decision-table.ts';
import { limits, units } from './thresholds.ts';
import { observationNames, observations } from './view.ts';

const signTitles: Readonly<Record<Sign, Text>> = {
  'gateway-lost': { zh: '网关无应答', en: 'the gateway does not answer' },
  'gateway-poor': { zh: '到网关时延或丢包过大', en: 'delay or loss to the gateway' },
  'beyond-lost': { zh: '中心以外的目标无应答', en: 'far ends other than the hub do not answer' },
  'no-carrier': { zh: '网线未连通', en: 'no carrier on the network cable' },
};
const titles: Readonly<Record<Condition | Sign, Text>> = { ...conditionTitles, ...signTitles };

/** How incidents come about, in both languages: `docs/incidents.md`. */
export function incidentsPage(): string {
  return [
    head,
    ...trackedConditions.map((name) => thresholdRow(name, thresholds[name])),
    silence,
    own(),
    matters,
    ...decisionTable.map(tableRow),
    checksHead,
    ...answers().map(checksOfRow),
    '',
  ].join('\n');
}

const head = `# Incidents 故障

<!-- Made by \`npm run generate\` from packages/incidents/src. Do not edit by hand. -->

The hub looks every second, beside all else: a large county it looks at less often, at least each half minute. Late data are read
from the store again within a minute or so. How people are told of it: [messages](notify.md). To see it happen: the [simulated county](demo.md).

中心每秒判定一次，不影响其他工作；县很大时间隔拉长，最长半分钟。迟到的数据约一分钟内重新读入判定。如何通知见[通知](notify.zh-CN.md)，可用[模拟县](demo.zh-CN.md)试验。

One cause is one incident, however many classrooms it shows in. Samples become yes/no conditions; conditions that began at once
or that an open incident explains belong together; a decision table over what all agents of the school, and of the county,
saw says where the cause is, why, and how sure that is. Where the evidence does not suffice it says so. All of it goes by the time of
measurement: data that come late, twice or in another order lead to the same incidents, and correct those that were found before.

一个原因就是一个故障，无论波及多少间教室。样本化为"是/否"的状况；同时开始的、或已有故障能解释的状况归为一起；再按全校、全县各代理
所见查判定表，得出位置、原因和把握；证据不足就说原因不明。一切以测量时间为准：迟到、重复、乱序的数据得出同样的故障，并改正先前的结论。

## Conditions 状况

A condition fires when so many of its last values are at the threshold or worse, and clears after so many good ones in a row.

最近若干个值中达到阈值的个数够了即触发，连续若干个好值后解除。

| condition 状况 | meaning | 含义 | fires 触发 | clears 解除 |
|---|---|---|---|---|`;

const silence = `| \`silent\` | ${conditionTitles.silent.en} | ${conditionTitles.silent.zh} | ${limits.closeSilence} reports missing in lessons, ${limits.restSilence} at other times 上课时缺 ${limits.closeSilence} 次上报，其他时间 ${limits.restSilence} 次 | anything 任何样本 |

A machine that said that it goes off or to sleep is *off* or *asleep*, not silent. Nor is one that found out when it woke that it
had slept. Where nothing is heard for ${limits.closeSilence + limits.holdReports} reports, one run to the hub that failed meanwhile is enough for \`hub-lost\`: so a cut of
some seconds stays what it was. What is found no more is withdrawn after ${limits.withdrawS} s. A single room is told of after ${limits.aloneS} s, and outside lessons a silent PC is none. What begins within ${limits.atOnceS} s began
at once; what comes back within ${limits.reopenS} s is the same incident, and the third time it is *flapping*. An incident is the county's
where ${limits.wideShare * 100} % of the schools that can be seen, and two at least, are concerned at once. One shower is one incident as well, whichever schools it comes to: a margin that is low and takes
nothing yet waits ${limits.weakHoldS} s to show what it is.

事先说明关机或休眠的电脑算"关机""休眠"，不算失联；醒来后得知自己睡过的也不算。缺 ${limits.closeSilence + limits.holdReports} 次上报时，其间到中心的测量失败一次就算 \`hub-lost\`，因此几秒钟的中断也照实保留。不再成立的故障 ${limits.withdrawS} 秒后撤销。单个教室 ${limits.aloneS} 秒后才报，课外失联的教室电脑不报。
${limits.atOnceS} 秒内开始的算同时；${limits.reopenS} 秒内复发的是同一故障，第三次起算反复。能观察到的学校有 ${limits.wideShare * 100}%（至少两所）同时受影响，即为全县故障。一场雨无论先后波及几所学校，也只算一个故障：仅余量不足而尚无损失时，先观察 ${limits.weakHoldS} 秒再报。
`;

const matters = `
## How much it matters 严重程度

\`critical\`: a lesson that it hits is on, or begins within half an hour. \`warning\`: it hits one of the next two hours, or a whole school
(front-end school, satellite, hub, broadband, school). \`info\`: the rest. A sun outage is a warning at most: it was foreseen, and
nobody can do anything about it. A full disk, a wrong clock or an agent that ended hits no lesson. A recorded lesson needs the room's PC and LAN
while it is held, an embedded one the platform, a live one satellite and stream, or broadband, as the [timetable](timetable.md) says.
Where no timetable says what carries a lesson, satellite and broadband count both.

\`critical\` 严重：受影响的课正在上，或半小时内开始。\`warning\` 警告：影响两小时内的课，或涉及全校（前端、卫星、中心、地网、学校）。
其余为 \`info\` 提示。日凌最多算警告：可以预知，也无法处理。磁盘满、时钟不准、代理中止不影响上课。录播课上课时只需教室电脑和校园网，
植入式课需要平台，直播课按[课表](timetable.zh-CN.md)需要天网和直播流，或地网。没有课表说明时，天网和地网都算需要。

## Decision table 判定表

Rows are tried from the top; the first that fits is the answer.

自上而下，第一个符合的行即为结论。

| row 行 | what is seen | 所见 | where 位置 | why 原因 | sure 把握 |
|---|---|---|---|---|---|`;

/** What a school may have of its own. */
function own(): string {
  const measured = trackedConditions
    .filter((name) => !isYesNo(thresholds[name]))
    .map((name) => `\`${name}\``);
  return `## A school's own thresholds 某校自己的阈值

A school whose line or dish is another than those of the rest has its own in the inventory, by the names of the table; what is left out is as everywhere. \`need\` of \`of\`
values fire any condition; \`fire\` and \`clear\`, in the unit of the table, can be set of ${measured.join(', ')}. The running hub goes by them from
the import on, and leaves what is over as it was. Minutes and lessons are judged by [what a lesson needs](availability.md), everywhere the same.

某校的线路或天线与众不同时，可在清单中单独写阈值，名称同上表；没写的与各校相同。任何状况都可以写 \`need\`、\`of\`（最近 \`of\` 个值中有 \`need\` 个）；
${measured.join('、')} 还可以写 \`fire\`（触发）和 \`clear\`（解除），单位同上表。导入后即对新数据生效，已结束的故障不变。每分钟的状态和每节课的结果仍按统一的[上课所需](availability.zh-CN.md)判定。

\`\`\`yaml
schools:
  - id: arou
    name: { zh: 阿柔小学 }
    classes: 2
    thresholds:
      congested: { fire: 1.5, clear: 1 }        # 4G: ${units.congested.rttMs * 1.5} ms, or ${units.congested.loss * 150} % lost
      signal-low: { need: 5, of: 8 }
\`\`\``;
}

const checksHead = `
## What to check first 先查什么

| where and why 位置与原因 | | |
|---|---|---|`;

function thresholdRow(name: Tracked, threshold: Threshold): string {
  const { worse, fire, clear, unit, need, of, clearAfter } = threshold;
  const [past, back] = worse === 'higher' ? ['≥', '≤'] : ['≤', '≥'];
  const values = (sign: string, value: number): string =>
    isYesNo(threshold) ? '' : `${sign} ${value}${unit === '1' ? '' : ` ${unit}`}, `;
  const { en, zh } = titles[name];
  return `| \`${name}\` | ${en} | ${zh} | ${values(past, fire)}${need}/${of} | ${values(back, clear)}${clearAfter} |`;
}

function tableRow(row: Row): string {
  const { id, node, cause, confidence } = row;
  const where = `${nodeTitles[node].en} ${nodeTitles[node].zh}`;
  return `| \`${id}\` | ${seen(row, 'en')} | ${seen(row, 'zh')} | ${where} | ${causeTitles[cause].en} ${causeTitles[cause].zh} | ${confidence} |`;
}

function seen({ when }: Row, language: keyof Text): string {
  return observationNames
    .flatMap((name) => {
      const wanted = when[name];
      return wanted === undefined ? [] : [`${observations[name].title[language]}: ${wanted.join(' / ')}`];
    })
    .join('; ');
}

/** Each pair of place and cause once, in the order of the table. */
function answers(): Row[] {
  const known = new Map(decisionTable.toReversed().map((row) => [`${row.node} ${row.cause}`, row]));
  return [...known.values()].toReversed();
}

function checksOfRow(row: Row): string {
  const { en, zh } = checksOf(row);
  const title = (language: keyof Text): string =>
    `${nodeTitles[row.node][language]}: ${causeTitles[row.cause][language]}`;
  return `| ${title('en')}<br>${title('zh')} | ${numbered(en)} | ${numbered(zh)} |`;
}

function numbered(checks: readonly string[]): string {
  return checks.map((check, index) => `${index + 1}. ${check}`).join('<br>');
}
