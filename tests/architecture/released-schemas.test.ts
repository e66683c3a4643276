import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openMessageStore } from '@tongtang/notify/message-store';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import { openConclusionJournal } from '@tongtang/store/conclusions/journal';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { RollupJournal } from '@tongtang/store/influx/late';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openQuarantine } from '@tongtang/store/quarantine/quarantine';
import { openReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry } from '@tongtang/store/registry/open';
import { openIssuedReports } from '@tongtang/store/reports/issued-reports';
import { migrations as telemetry } from '@tongtang/store/sqlite/schema';
import { afterAll, expect, it } from 'vitest';

/**
 * What migrations make is what a file is compared with when it is opened (packages/runtime/src/database.ts): where a step that is out in
 * the schools is edited, each of them would set its data aside. A change of a table is a new step, and a new row here.
 */
const released: Record<string, string> = {
  conclusions: 'version 1: 1986654be4a8',
  incidents: 'version 2: 68a9ff2868af',
  ledger: 'version 3: 7a57de968a0a',
  messages: 'version 3: 3bfdd1bd3e68',
  minutes: 'version 4: ae2ef74c8ffd',
  outbox: 'version 1: 06cc1e9a9300',
  quarantine: 'version 1: 0f8aa7a5b989',
  readiness: 'version 1: 73e48f90b84f',
  registry: 'version 3: 5f43849ea660',
  reports: 'version 1: 386b0b8e1ed2',
  rollups: 'version 2: dc3420be7b40',
  telemetry: 'version 2: 1bbff4e207bc',
};

const folder = mkdtempSync(join(tmpdir(), 'tongtang-schemas-'));
const log = createLog('error');
afterAll(() => rmSync(folder, { recursive: true }));

const openers: Record<string, (path: string) => { close: () => unknown }> = {
  conclusions: (path) => openConclusionJournal(path, log),
  incidents: (path) => openIncidentStore(path, log),
  ledger: (path) => openLedger(path, log),
  messages: (path) => openMessageStore(path, log),
  minutes: (path) => openMinutes(path, log),
  outbox: (path) => openOutbox({ path, boot: 'boot', log }),
  quarantine: (path) => openQuarantine(path, log),
  readiness: (path) => openReadinessResults(path, log),
  registry: (path) => openRegistry(path, log),
  reports: (path) => openIssuedReports(path, log),
  rollups: (path) => new RollupJournal(path, () => 0, log),
  // Its other tables are made by what the catalogue has, at each start.
  telemetry: (path) => {
    const database = new DatabaseSync(path);
    for (const step of telemetry) database.exec(step);
    database.exec(`PRAGMA user_version = ${telemetry.length}`);
    return database;
  },
};

it.each(Object.entries(openers))(
  'the schema of %s is the one that its version had when it was released',
  (name, open) => {
    const path = join(folder, `${name}.db`);
    open(path).close();
    const database = new DatabaseSync(path, { readOnly: true });
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
    database.close();
    const text = JSON.stringify(
      schema.map(({ sql, ...part }) => ({ ...part, sql: String(sql).replace(/\s+/g, ' ') })),
    );
    const print = createHash('sha256').update(text).digest('hex').slice(0, 12);
    expect(`version ${version}: ${print}`).toBe(released[name]);
  },
);
