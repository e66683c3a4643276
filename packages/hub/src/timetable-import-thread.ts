import { parentPort, workerData } from 'node:worker_threads';
import { importTimetable, type TimetableImport } from '@tongtang/lessons/import/import';
import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';

/** What the thread that timetable-import.ts starts is given. */
export type ThreadData = Readonly<{
  files: readonly Readonly<{ name: string; bytes: Uint8Array }>[];
  inventory: Inventory;
  present: Timetable | undefined;
}>;
export type ThreadAnswer = TimetableImport;

if (parentPort !== null) {
  const { files, inventory, present }: ThreadData = workerData;
  const answer: ThreadAnswer = importTimetable(files, inventory, present);
  parentPort.postMessage(answer);
}
