import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { schoolStates, toCome } from '@tongtang/model/conclusions';
import type { Text } from '@tongtang/model/text';
import { inLanguage, type PageLanguage } from './language.ts';

/** A word for what stands in a column, and its colour. */
type Word = Readonly<{ text: Text; colour: 'green' | 'orange' | 'red' | 'gray' | 'blue' }>;

/** What is one of a few, as people call it. */
export const words = {
  outcome: {
    delivered: { text: { zh: '正常', en: 'delivered' }, colour: 'green' },
    degraded: { text: { zh: '降级', en: 'degraded' }, colour: 'orange' },
    lost: { text: { zh: '中断', en: 'lost' }, colour: 'red' },
    'not-held': { text: { zh: '未上', en: 'not held' }, colour: 'gray' },
    unknown: { text: { zh: '未知', en: 'unknown' }, colour: 'gray' },
    [toCome]: { text: { zh: '待结算', en: 'to come' }, colour: 'blue' },
  },
  readiness: {
    ready: { text: { zh: '就绪', en: 'ready' }, colour: 'green' },
    unknown: { text: { zh: '未知', en: 'unknown' }, colour: 'gray' },
    'at-risk': { text: { zh: '有风险', en: 'at risk' }, colour: 'orange' },
    'not-ready': { text: { zh: '未就绪', en: 'not ready' }, colour: 'red' },
  },
  mode: {
    live: { text: { zh: '直播', en: 'live' }, colour: 'gray' },
    recorded: { text: { zh: '录播', en: 'recorded' }, colour: 'gray' },
    embedded: { text: { zh: '植入式', en: 'embedded' }, colour: 'gray' },
  },
  severity: {
    info: { text: { zh: '提示', en: 'info' }, colour: 'gray' },
    warning: { text: { zh: '警告', en: 'warning' }, colour: 'orange' },
    critical: { text: { zh: '严重', en: 'critical' }, colour: 'red' },
  },
  incident: {
    open: { text: { zh: '未恢复', en: 'open' }, colour: 'red' },
    acknowledged: { text: { zh: '处理中', en: 'acknowledged' }, colour: 'orange' },
    resolved: { text: { zh: '已恢复', en: 'resolved' }, colour: 'green' },
    closed: { text: { zh: '已关闭', en: 'closed' }, colour: 'gray' },
  },
  end: { 0: { text: { zh: '未恢复', en: 'not over' }, colour: 'red' } },
  school: {
    [schoolStates.unmeasured]: { text: { zh: '无代理', en: 'no agent' }, colour: 'gray' },
    [schoolStates.fine]: { text: { zh: '正常', en: 'fine' }, colour: 'green' },
    [schoolStates.trouble]: { text: { zh: '有故障', en: 'in trouble' }, colour: 'orange' },
    [schoolStates.critical]: { text: { zh: '影响上课', en: 'lessons hit' }, colour: 'red' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Word>>>>;

export type WordList = keyof typeof words;

export function mappingsOf(list: WordList, language: PageLanguage): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(words[list]).map(([value, { text, colour }], index) => [
      value,
      { text: inLanguage(text, language), color: colour, index },
    ]),
  );
  return [{ type: MappingType.ValueToText, options }];
}
