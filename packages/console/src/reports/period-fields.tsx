import type { JSX } from 'preact';
import type { ReportPeriods } from '../api/report-answers.ts';
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
  /** Absent while they are not known yet. */
  terms: ReportPeriods['terms'] | undefined;
}>;

/** Which days, within a form. */
export function PeriodFields({ kind, today, terms }: PeriodFieldsProps): JSX.Element {
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
    case 'term': {
      const over = terms?.filter(({ to }) => to < today) ?? [];
      if (terms !== undefined && over.length === 0) return <p class="hint">{t.noTerm}</p>;
      return (
        <label>
          {t.term}
          <select name="term" required>
            {over.reverse().map(({ name, from, to }) => (
              <option key={name} value={name}>
                {t.termOption(name, from, to)}
              </option>
            ))}
          </select>
        </label>
      );
    }
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

/** @returns what was filled in; undefined where there is no term to choose */
export function periodIn(form: FormData, kind: PeriodKind): AskedPeriod | undefined {
  const text = (name: string): string => String(form.get(name) ?? '');
  switch (kind) {
    case 'month':
      return { month: text('month') };
    case 'term':
      return form.has('term') ? { term: text('term') } : undefined;
    case 'range':
      return { from: text('from'), to: text('to') };
  }
}
