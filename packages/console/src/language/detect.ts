import type { Language } from '../api/answers.ts';

/**
 * The language to begin with: what was chosen before, else the first of the browser's languages that we speak, else
 * Chinese.
 */
export function initialLanguage(kept: string | undefined, wanted: readonly string[]): Language {
  for (const tag of [kept ?? '', ...wanted]) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh';
}

/** The tag of a language for `Intl` and for `lang` attributes. */
export function localeOf(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en';
}
