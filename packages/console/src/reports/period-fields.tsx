import type { JSX } from 'preact';
import { locale, words } from '../language/language.ts';
import { type AskedPeriod, dayBefore, monthName, monthsBackFrom } from './periods.ts';

export const periodKinds = ['month', 'term', 'range'] as const;
export type PeriodKind = (typeof periodKinds)[number];

/** Two years. */
const monthsOffered = 24;

type PeriodFieldsProps = Readonly<{
  kind: PeriodKind;
  /** `2026-11-29`, by the county's clock. */
  today: string;
}>;

/** Which days, within a form. */
export function PeriodFields({ kind, today }: PeriodFieldsProps): JSX.Element {
  const t = words.value.reports.form;
  switch (kind) {
    case 'month': {
      // What goes on has no report yet.
      const months = monthsBackFrom(today, monthsOffered + 1).slice(1);
      return (
        <label>
          {t.month}
          <select name="month">
            {months.map((month) => (
              <option key={month} value={month}>
                {monthName(month, locale.value)}
              </option>
            ))}
          </select>
        </label>
      );
    }
    case 'term':
      return (
        <label>
          {t.term}
          <input name="term" maxLength={100} required />
        </label>
      );
    case 'range':
      return (
        <div class="report-days">
          {(['from', 'to'] as const).map((name) => (
            <label key={name}>
              {t[name]}
              <input type="date" name={name} max={dayBefore(today)} required />
            </label>
          ))}
        </div>
      );
  }
}

export function periodIn(form: FormData, kind: PeriodKind): AskedPeriod {
  const text = (name: string): string => String(form.get(name) ?? '');
  switch (kind) {
    case 'month':
      return { month: text('month') };
    case 'term':
      return { term: text('term').trim() };
    case 'range':
      return { from: text('from'), to: text('to') };
  }
}
