import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { deflateSync, inflateSync } from 'node:zlib';
import { languages } from '@tongtang/model/text';
import { type Change, changesBetween } from '@tongtang/reports/changes';
import { reportCsvZip } from '@tongtang/reports/formats/csv';
import { reportHtml } from '@tongtang/reports/formats/html';
import { reportJson } from '@tongtang/reports/formats/json';
import { reportXlsx } from '@tongtang/reports/formats/xlsx';
import type { Report } from '@tongtang/reports/report';
import type { Table } from '@tongtang/reports/table';
import { tablesOf } from '@tongtang/reports/tables';
import { createLog } from '@tongtang/runtime/log';
import type { KeptFile } from '@tongtang/store/reports/revisions';
import {
  type Changes,
  documentOf,
  headOf,
  type RevisionDocument,
  type RevisionHead,
  type Source,
} from './documents.ts';
import { inputsOf, openHubFiles, type Progress, reportFrom, type WantedReport } from './report-from-files.ts';

/** What the thread that report-maker.ts starts is given. */
export type Order = Readonly<{
  wanted: WantedReport;
  /** The version of inputs that is known: where they have it, nothing is made. */
  known?: string;
  /** Packed tables of what was made last, and of what people hold. */
  newest?: Uint8Array;
  current?: Uint8Array;
}>;
export type Task =
  | Readonly<{ kind: 'make'; dataFolder: string; order: Order }>
  | Readonly<{ kind: 'compare'; before: Uint8Array; after: Uint8Array }>;

/** A revision that nobody has numbered yet. */
export type Made = Readonly<{
  inputs: string;
  fingerprint: string;
  title: Report['title'];
  head: RevisionHead;
  document: RevisionDocument;
  /** Whether it says nothing else than what was made last. */
  isSame: boolean;
  /** Against what people hold, or else what was made last. */
  changes: Changes;
  hasLessons: boolean;
  tables: Uint8Array;
  source: Uint8Array;
  files: readonly KeptFile[];
}>;

export type ThreadMessage =
  | Readonly<{ kind: 'progress'; progress: Progress }>
  /** The inputs are those that were known. */
  | Readonly<{ kind: 'known'; inputs: string }>
  | Readonly<{ kind: 'made'; made: Made }>
  | Readonly<{ kind: 'compared'; changes: Changes }>;

/** Nobody reads more. */
const mostChanges = 2000;

if (parentPort !== null) {
  const port = parentPort;
  const task: Task = workerData;
  const tell = (message: ThreadMessage): void => port.postMessage(message);
  if (task.kind === 'compare')
    tell({ kind: 'compared', changes: fewOf(changesBetween(unpacked(task.before), unpacked(task.after))) });
  else await make(task.dataFolder, task.order, tell);
}

async function make(
  dataFolder: string,
  { wanted, known, newest, current }: Order,
  tell: (message: ThreadMessage) => void,
): Promise<void> {
  const log = createLog('warn').child({ part: 'reports' });
  const files = openHubFiles(dataFolder, log);
  try {
    // Before the report: what comes meanwhile makes another version, and is found the next time.
    const inputs = inputsOf(files, wanted);
    if (inputs === known) return tell({ kind: 'known', inputs });
    const report = await reportFrom(files, wanted, log, (progress) => tell({ kind: 'progress', progress }));
    tell({ kind: 'made', made: await madeOf(report, inputs, wanted, newest, current) });
  } finally {
    files.close();
  }
}

async function madeOf(
  report: Report,
  inputs: string,
  { inventory, timetable }: WantedReport,
  newest: Uint8Array | undefined,
  current: Uint8Array | undefined,
): Promise<Made> {
  const [tables, json] = [tablesOf(report), reportJson(report)];
  const against = (packed: Uint8Array | undefined): Change[] =>
    packed === undefined ? [] : changesBetween(unpacked(packed), tables);
  const sinceNewest = against(newest);
  const changes = fewOf(current === undefined ? sinceNewest : against(current));
  return {
    inputs,
    fingerprint: createHash('sha256').update(json).digest('hex').slice(0, 16),
    title: report.title,
    document: documentOf(report, tables),
    head: headOf(report, changes),
    isSame: newest !== undefined && sinceNewest.length === 0,
    changes,
    hasLessons: Object.values(report.lessons.lessons).some((lessons) => lessons > 0),
    tables: packed(JSON.stringify(tables)),
    source: packed(JSON.stringify({ inventory, timetable } satisfies Source)),
    files: [{ format: 'json', language: '', content: packed(json) }, ...(await filesOf(report))],
  };
}

/** One after the other: of a large county each is large while it is written. */
async function filesOf(report: Report): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const language of languages)
    files.push(
      { format: 'html', language, content: packed(reportHtml(report, language)) },
      { format: 'xlsx', language, content: await reportXlsx(report, language) },
      { format: 'csv', language, content: reportCsvZip(report, language) },
    );
  return files;
}

function packed(text: string): Uint8Array {
  return deflateSync(text);
}

/** Reads back what {@link madeOf} packed. */
function unpacked(tables: Uint8Array): Table[] {
  const read: Table[] = JSON.parse(inflateSync(tables).toString('utf8'));
  return read;
}

function fewOf(changes: readonly Change[]): Changes {
  return { changes: changes.slice(0, mostChanges), more: Math.max(0, changes.length - mostChanges) };
}
