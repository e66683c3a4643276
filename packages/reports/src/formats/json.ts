import { figuresOf } from '../figures.ts';
import type { Report } from '../report.ts';

/**
 * The report as it is: whole numbers, shares as two of them, texts in both languages; and at its end `figures`, each number again by its
 * reference.
 */
export function reportJson(report: Report): string {
  const figures = Object.fromEntries(
    figuresOf(report).map(({ reference, value }) => [
      reference,
      value.kind === 'count' ? value.count : value.share,
    ]),
  );
  return `${JSON.stringify({ ...report, figures }, undefined, 2)}\n`;
}
