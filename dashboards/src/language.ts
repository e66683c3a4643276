import type { Language, Text } from '@tongtang/model/text';
import type { SeriesTag } from './influxql.ts';

/**
 * One set of pages for each language. Grafana translates its own words and none of ours, and titles in both languages would leave
 * half as much room for what they name. Queries are the same in both, so whoever wants one set only leaves the other out.
 */
export const pageLanguages = ['zh-CN', 'en'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

const languageOf: Readonly<Record<PageLanguage, Language>> = { 'zh-CN': 'zh', en: 'en' };

export function inLanguage(text: Text, language: PageLanguage): string {
  return text[languageOf[language]];
}

/** Ends what must be told apart among languages: uids and tags of pages. */
export function suffixOf(language: PageLanguage): Language {
  return languageOf[language];
}

export const tagTitles: Readonly<Record<SeriesTag, Text>> = {
  county: { zh: '县', en: 'County' },
  cluster: { zh: '片区', en: 'Cluster' },
  school: { zh: '学校', en: 'School' },
  classroom: { zh: '教室', en: 'Classroom' },
  agent: { zh: '代理', en: 'Agent' },
  link: { zh: '链路', en: 'Link' },
  target: { zh: '目标', en: 'Target' },
  interface: { zh: '网卡', en: 'Interface' },
};
