/** The days that a report is about, as they are asked for. */
export type AskedPeriod =
  | Readonly<{ month: string }>
  | Readonly<{ term: string }>
  | Readonly<{ from: string; to: string }>;

/**
 * The months that a report may be about, the newest first: that of `today`, and those before it.
 * @param today `2026-11-29`, by the county's clock
 * @returns such as `2026-11`
 */
export function monthsBackFrom(today: string, count: number): string[] {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const newest = year * 12 + month - 1;
  return Array.from({ length: count }, (_, back) => {
    const at = newest - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

/** `2026年11月`, `November 2026`. */
export function monthName(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00Z`),
  );
}

/** `2026年11月1日`, `Nov 1, 2026`. */
export function dayName(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00Z`),
  );
}

/** The calendar knows no time zones. */
export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
