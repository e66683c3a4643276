import { effect, signal } from '@preact/signals';
import { keepPreference, readPreference } from './preference.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const kept = readPreference('theme');

/** The colours that the person chose; `auto` follows the system. */
export const theme = signal<Theme>(themes.find((name) => name === kept) ?? 'auto');

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

/** Changes the colours, here and at the next visit. */
export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  keepPreference('theme', choice);
}
