/** Counts every change of a table. */
function counted(table: string): string {
  return ['INSERT', 'UPDATE', 'DELETE']
    .map(
      (change) => `
        CREATE TRIGGER ${table}_${change} AFTER ${change} ON ${table}
        BEGIN UPDATE revision SET number = number + 1; END;
      `,
    )
    .join('');
}

/** Counts every change of a table whose rows stay for good, and writes its number into the row. */
function stamped(table: string, key: string): string {
  const count = 'UPDATE revision SET number = number + 1;';
  const stamp = `UPDATE ${table} SET revision = (SELECT number FROM revision) WHERE ${key} = NEW.${key};`;
  return `
    CREATE TRIGGER ${table}_INSERT AFTER INSERT ON ${table} BEGIN ${count} ${stamp} END;
    CREATE TRIGGER ${table}_UPDATE AFTER UPDATE ON ${table} WHEN NEW.revision = OLD.revision
    BEGIN ${count} ${stamp} END;
  `;
}

/**
 * The tables of the registry, one step per released change. `revision` counts what agents, users, visits and inventories go
 * through, made here or by another process: whoever keeps a copy in memory compares one number, and reads again only
 * the rows that carry a later one.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE inventories (
    county TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    imported_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    address_school TEXT NOT NULL,
    county TEXT NOT NULL,
    school TEXT NOT NULL,
    classroom TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    hostname TEXT,
    platform TEXT,
    version TEXT,
    revoked_at INTEGER,
    revision INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX agents_by_revision ON agents (revision);

  CREATE TABLE enrolment_codes (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    county TEXT NOT NULL,
    school TEXT NOT NULL,
    classroom TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    agent TEXT REFERENCES agents (id)
  ) STRICT;

  CREATE TABLE users (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE sign_in_links (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;

  CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
  INSERT INTO revision VALUES (1);
  ${stamped('inventories', 'county')}
  ${stamped('agents', 'id')}
  ${counted('users')}
  ${counted('tokens')}
  `,
  // The county's timetable, and what it was before each import, newest last.
  `
  CREATE TABLE timetables (
    county TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    imported_at INTEGER NOT NULL,
    imported_by TEXT NOT NULL
  ) STRICT;
  ${stamped('timetables', 'county')}

  CREATE TABLE former_timetables (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    county TEXT NOT NULL,
    document TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    imported_by TEXT NOT NULL
  ) STRICT;
  CREATE INDEX former_timetables_by_county ON former_timetables (county, id);
  `,
  // The register of visits and activities. What was removed stays, so that it can be brought back as it was.
  `
  CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    county TEXT NOT NULL,
    school TEXT NOT NULL,
    date TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at INTEGER NOT NULL,
    changed_by TEXT,
    changed_at INTEGER,
    is_removed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX visits_by_county ON visits (county, date);
  CREATE UNIQUE INDEX visits_once ON visits (county, school, date, kind, note) WHERE is_removed = 0;
  ${counted('visits')}
  `,
];
