import { computed, effect, signal } from '@preact/signals';
import type { Language, Text } from '../api/answers.ts';
import { keepPreference, readPreference } from '../session/preference.ts';
import { initialLanguage, localeOf } from './detect.ts';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

const dictionaries: Readonly<Record<Language, Words>> = { zh, en };

/** The language that the page is shown in. */
export const language = signal<Language>(initialLanguage(readPreference('language'), navigator.languages));

/** All texts in the present language; components that read it are drawn again when the language changes. */
export const words = computed(() => dictionaries[language.value]);

/** The language tag for `Intl` and for `lang` attributes. */
export const locale = computed(() => localeOf(language.value));

effect(() => {
  document.documentElement.lang = locale.value;
});

/** Changes the language, here and at the next visit. */
export function chooseLanguage(choice: Language): void {
  language.value = choice;
  keepPreference('language', choice);
}

/** A name from the inventory in the present language. */
export function inLanguage(text: Text): string {
  return text[language.value];
}
