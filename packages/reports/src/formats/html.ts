import type { Language, Text } from '@tongtang/model/text';
import type { Report } from '../report.ts';
import { type Cell, isNumber, printed, type Table } from '../table.ts';
import { tablesOf } from '../tables.ts';
import { simulated } from '../words.ts';
import { daysChart, modesChart, responsibilityChart } from './charts.ts';
import { escaped } from './escaped.ts';
import { style } from './style.ts';

const words = {
  incomplete: {
    zh: '本期尚未结束，或数据尚未齐备：以下数字为截至目前。',
    en: 'The period is not over, or not all of it is known yet: figures are those so far.',
  },
  before: { zh: '上期：', en: 'Period before: ' },
  empty: { zh: '无', en: 'none' },
} as const satisfies Readonly<Record<string, Text>>;

/** Drawings stand before the table of what they show. */
const drawings: Readonly<Record<string, (report: Report, language: Language) => string>> = {
  modes: modesChart,
  days: daysChart,
  responsibilities: responsibilityChart,
};

/** The report as one page of HTML that needs nothing else: no scripts, no files; printed on A4 it is the paper report. */
export function reportHtml(report: Report, language: Language): string {
  const { title, period, before, inputs, isSimulated } = report;
  const sections = tablesOf(report).map(
    (table) =>
      `<section id="${table.id}"><h2>${escaped(table.title[language])}</h2>\n${drawings[table.id]?.(report, language) ?? ''}${tableHtml(table, language)}</section>`,
  );
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title[language])}</title>
<style>${style}</style></head>
<body><h1>${escaped(title[language])}</h1>
<p class="period">${period.from} – ${period.to} · ${words.before[language]}${before.from} – ${before.to}</p>
${isSimulated ? `<p class="warning">${simulated[language]}</p>\n` : ''}${inputs.isComplete ? '' : `<p class="warning">${words.incomplete[language]}</p>\n`}${sections.join('\n')}
</body></html>
`;
}

function tableHtml({ columns, rows }: Table, language: Language): string {
  if (rows.length === 0) return `<p>${words.empty[language]}</p>`;
  const head = columns.map(
    ({ title, kind }) => `<th${kind === 'text' ? '' : ' class="n"'}>${escaped(title[language])}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((cell) => cellHtml(cell, language)).join('')}</tr>`);
  return `<table><thead><tr>${head.join('')}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table>`;
}

/** A ratio with its two whole numbers beneath. */
function cellHtml(cell: Cell, language: Language): string {
  if (cell.kind === 'text') return `<td>${escaped(cell.text[language])}</td>`;
  const number = printed(cell) ?? '–';
  const parts = cell.kind === 'ratio' ? `<small>${cell.share.part}/${cell.share.of}</small>` : '';
  const reference =
    isNumber(cell) && cell.reference !== undefined ? ` title="${escaped(cell.reference)}"` : '';
  return `<td class="n"${reference}>${number}${parts}</td>`;
}
