import type { Report } from '../report.ts';

/** The report as it is: whole numbers, shares as two of them, texts in both languages. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
