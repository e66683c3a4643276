import { parentPort, workerData } from 'node:worker_threads';
import { importTimetable } from '@tongtang/lessons/import/import';
import { importVisits } from '@tongtang/lessons/visits/import';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';

type Handed = Readonly<{
  files: readonly Readonly<{ name: string; bytes: Uint8Array }>[];
  inventory: Inventory;
}>;
export type TimetableFiles = Handed & Readonly<{ of: 'timetable'; present: Timetable | undefined }>;
export type VisitFiles = Handed & Readonly<{ of: 'visits'; today: PlainDate }>;

if (parentPort !== null) {
  /** What the thread that table-import.ts starts is given. */
  const data: TimetableFiles | VisitFiles = workerData;
  const answer =
    data.of === 'timetable'
      ? importTimetable(data.files, data.inventory, data.present)
      : importVisits(data.files, data.inventory, data.today);
  parentPort.postMessage(answer);
}
