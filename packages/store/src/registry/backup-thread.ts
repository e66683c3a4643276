import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { copyTo } from './backup.ts';

/** What the thread that backup.ts starts is given. */
export type CopyOrder = Readonly<{ path: string; fresh: string }>;

const { path, fresh }: CopyOrder = workerData;
const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
try {
  copyTo(database, path, fresh);
} finally {
  database.close();
}
