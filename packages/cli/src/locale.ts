import type { Language } from '@tongtang/model/text';

/** How a person at this machine reads texts and times. */
export type Locale = Readonly<{ language: Language; timeZone: string }>;

/** As the system has it: `LC_ALL`, `LANG` and `TZ` on Linux, the settings of Windows there. */
export function systemLocale(): Locale {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { language: locale.startsWith('zh') ? 'zh' : 'en', timeZone };
}
