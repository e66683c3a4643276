/**
 * Issued reports, and what is to be done with them. Never edit a released step.
 *
 * `document` of a report and `head` of a revision are what lists show, `document` of a revision what its page does; `file` what was handed out; `tables` what two revisions are compared by;
 * `source` the inventory and timetable that it was made with. What a revision says cannot be changed, not even by us.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE report (
     id TEXT PRIMARY KEY,
     county TEXT NOT NULL,
     key TEXT NOT NULL UNIQUE,
     school TEXT,
     last_day TEXT NOT NULL,
     document TEXT NOT NULL,
     made_at REAL NOT NULL,
     checked_at REAL NOT NULL,
     checked_inputs TEXT NOT NULL
   ) STRICT;
   CREATE INDEX report_by_time ON report (made_at);
   CREATE TABLE revision (
     report TEXT NOT NULL REFERENCES report (id),
     number INTEGER NOT NULL,
     state TEXT NOT NULL,
     why TEXT NOT NULL,
     made_at REAL NOT NULL,
     made_by TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     inputs TEXT NOT NULL,
     head TEXT NOT NULL,
     document TEXT NOT NULL,
     changes TEXT NOT NULL,
     tables BLOB NOT NULL,
     source BLOB NOT NULL,
     PRIMARY KEY (report, number)
   ) STRICT;
   CREATE TABLE file (
     report TEXT NOT NULL,
     number INTEGER NOT NULL,
     format TEXT NOT NULL,
     language TEXT NOT NULL,
     content BLOB NOT NULL,
     PRIMARY KEY (report, number, format, language),
     FOREIGN KEY (report, number) REFERENCES revision (report, number)
   ) STRICT;
   CREATE TRIGGER revision_stands BEFORE UPDATE OF
     report, number, why, made_at, made_by, fingerprint, inputs, head, document, changes, tables, source
     ON revision
   BEGIN SELECT RAISE(ABORT, 'an issued report is not changed'); END;
   CREATE TRIGGER revision_stays BEFORE DELETE ON revision
   BEGIN SELECT RAISE(ABORT, 'an issued report is not removed'); END;
   CREATE TRIGGER file_stands BEFORE UPDATE ON file
   BEGIN SELECT RAISE(ABORT, 'an issued report is not changed'); END;
   CREATE TRIGGER file_stays BEFORE DELETE ON file
   BEGIN SELECT RAISE(ABORT, 'an issued report is not removed'); END;
   CREATE TABLE deed (
     report TEXT NOT NULL,
     number INTEGER NOT NULL,
     at REAL NOT NULL,
     who TEXT NOT NULL,
     what TEXT NOT NULL,
     note TEXT
   ) STRICT;
   CREATE INDEX deed_of ON deed (report, number);
   CREATE TABLE letter (
     id TEXT PRIMARY KEY,
     report TEXT,
     number INTEGER,
     county TEXT NOT NULL,
     kind TEXT NOT NULL,
     recipient TEXT NOT NULL,
     language TEXT NOT NULL,
     at REAL NOT NULL,
     state TEXT NOT NULL,
     why TEXT
   ) STRICT;
   CREATE INDEX letter_of ON letter (report, number);
   CREATE INDEX letter_open ON letter (state) WHERE state IN ('waiting', 'handed');
   CREATE TABLE schedule (county TEXT PRIMARY KEY, document TEXT NOT NULL, since REAL NOT NULL) STRICT;
   CREATE TABLE run (
     county TEXT NOT NULL,
     month TEXT NOT NULL,
     at REAL NOT NULL,
     outcome TEXT NOT NULL,
     report TEXT,
     PRIMARY KEY (county, month)
   ) STRICT;`,
];
