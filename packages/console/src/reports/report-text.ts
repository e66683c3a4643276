import type { County, Role } from '../api/answers.ts';
import { ApiError } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import type { ReportHead } from '../api/report-answers.ts';
import { formatMinute } from '../format/time.ts';
import { inLanguage, language, locale, words } from '../language/language.ts';

/** Who says that a report may go out, takes it back, and sets the schedule: not those whose work it is about. */
export function decides(role: Role): boolean {
  return role !== 'technician';
}

/** What the page of a report shows besides its current revision. */
export type ReportQuery = Readonly<{
  revision?: string | undefined;
  /** The revisions whose differences are shown. */
  from?: string | undefined;
  to?: string | undefined;
  /** Id of the report that it is compared with. */
  with?: string | undefined;
}>;

export function reportAddress(id: string, query: ReportQuery = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return `/reports/${encodeURIComponent(id)}${search.size === 0 ? '' : `?${search}`}`;
}

export type FileFormat = 'pdf' | 'xlsx' | 'csv' | 'json' | 'html';

type FileOf = Readonly<{ id: string; revision: number; format: FileFormat; show?: boolean }>;

/** Where a revision is to be had as a file; with `show` as a page to read. */
export function fileAddress(
  { id, revision, format, show = false }: FileOf,
  inWhich: 'zh' | 'en' = language.value,
): string {
  const search = new URLSearchParams({ format, language: inWhich, revision: String(revision) });
  if (show) search.set('show', 'true');
  return `/api/v1/reports/${encodeURIComponent(id)}/file?${search}`;
}

/** `2026年11月 · 祁连县`. */
export function reportName({ period, scope }: Pick<ReportHead, 'period' | 'scope'>): string {
  return `${inLanguage(period.title)} · ${inLanguage(scope.name)}`;
}

/** Who made it: a person, or the hub by itself. */
export function makerName(madeBy: string): string {
  return madeBy === 'hub' ? words.value.reports.byHub : madeBy;
}

/** Day and time of day in the county. */
export function momentText(seconds: number, county: Pick<County, 'timezone'> | undefined): string {
  return formatMinute(seconds, county?.timezone ?? 'UTC', locale.value);
}

/** What to tell a person about a refusal that is to be expected of what was asked for. */
export function refusalText(error: unknown, asked: 'issue' | 'approve' | 'withdraw' | 'send'): string {
  const t = words.value.reports.refused;
  if (!(error instanceof ApiError)) return problemText(error);
  if (error.code === 'conflict') return t[asked](error.message);
  return error.status === 429 ? t.waiting : problemText(error);
}
