import type { JSX } from 'preact';
import { words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';

type DayChooserProps = Readonly<{
  /** `2026-11-30`, the day that it is in the county. */
  today: string;
  date: string;
  choose: (date: string) => void;
}>;

/** Yesterday, today, tomorrow. */
export function DayChooser({ today, date, choose }: DayChooserProps): JSX.Element {
  const t = words.value.lessons;
  return (
    <fieldset class="segments">
      <legend class="sr-only">{t.day}</legend>
      {(['yesterday', 'today', 'tomorrow'] as const).map((name, index) => {
        const day = plusDays(today, index - 1);
        return (
          <Segment key={name} name="day" checked={day === date} choose={() => choose(day)}>
            {t.days[name]}
          </Segment>
        );
      })}
    </fieldset>
  );
}

/** The calendar knows no time zones. */
function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
