import type { FieldDefinition, FieldType, TagName } from './catalogue/definition.ts';
import { definitionOf, type MeasurementName, measurementNames } from './catalogue.ts';
import type { Text } from './text.ts';

const types: Readonly<Record<FieldType, Text>> = {
  float: { zh: '小数', en: 'float' },
  integer: { zh: '整数', en: 'integer' },
  boolean: { zh: '是/否', en: 'boolean' },
  string: { zh: '文字', en: 'string' },
};

const tagMeanings: Readonly<Record<TagName, Text>> = {
  link: {
    zh: '样本所说的链路：`lan`、`broadband`、`satellite`、`stream`、`platform`',
    en: 'the link that the sample speaks of: `lan`, `broadband`, `satellite`, `stream`, `platform`',
  },
  target: { zh: '目标的标识', en: 'id of the target' },
  interface: { zh: '网卡名', en: 'name of the network interface' },
};

/** The reference of all metrics in both languages, `docs/metrics.md`. */
export function metricsPage(): string {
  return [head, ...measurementNames.map(section)].join('\n');
}

const head = `# Metrics 指标

<!-- Made by \`npm run generate\` from packages/model/src/catalogue. Do not edit by hand. -->

Each sample has the tags of the place where it was measured (\`county\`, \`cluster\`, \`school\`, \`classroom\`, \`agent\`), which
the hub adds from its inventory, its own tags, and those of its fields that could be measured: a value is never made up.
Times are hub time in whole seconds. A ratio goes from 0 to 1. Σ: what happened since the reading before, to be added up over
time.

每个样本都带有测量地点的标签（\`county\`、\`cluster\`、\`school\`、\`classroom\`、\`agent\`，由中心按清单添加）、自身的标签，以及测得的
字段；测不到的字段缺省，绝不编造。时间为中心时间的整秒。比率取值 0 到 1。Σ：自上次读数以来发生的量，可按时间累加。
`;

function section(name: MeasurementName): string {
  const { title, description, tags, fields } = definitionOf(name);
  const rows = Object.entries(fields).map(([field, definition]) => row(field, definition));
  return `## ${name}

${sentence(description.en)}

${title.zh}：${description.zh}。

${tags.length === 0 ? 'No tags of its own. 无自身标签。\n' : `${tags.map(tagLine).join('\n')}\n`}
| field 字段 | type 类型 | unit 单位 | meaning | 含义 |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function tagLine(tag: TagName): string {
  return `- tag \`${tag}\`: ${tagMeanings[tag].en}；标签：${tagMeanings[tag].zh}`;
}

function row(field: string, { type, unit, title, description, addsUp }: FieldDefinition): string {
  const meaning = `**${cell(title.en)}.** ${cell(sentence(description.en))}`;
  const zh = `**${cell(title.zh)}**：${cell(description.zh)}`;
  return `| \`${field}\` | ${types[type].en} ${types[type].zh}${addsUp ? ' Σ' : ''} | ${unit} | ${meaning} | ${zh} |`;
}

/** Descriptions are written without the last full stop, for tooltips. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
