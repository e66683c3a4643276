/** Tables of the notify database. Steps of it are only ever added. */
export const migrations: readonly string[] = [
  `CREATE TABLE notice (
     id INTEGER PRIMARY KEY,
     incident TEXT NOT NULL,
     step INTEGER NOT NULL,
     taken_at REAL NOT NULL,
     fate TEXT NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (incident, step)
   ) STRICT;
   CREATE TABLE message (
     id INTEGER PRIMARY KEY,
     notice INTEGER NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
     incident TEXT NOT NULL,
     channel TEXT NOT NULL,
     route TEXT NOT NULL,
     due REAL NOT NULL,
     state TEXT NOT NULL,
     delivery INTEGER,
     alone INTEGER NOT NULL DEFAULT 0,
     why TEXT,
     changed_at REAL NOT NULL,
     UNIQUE (notice, channel)
   ) STRICT;
   CREATE INDEX message_waiting ON message (channel, due) WHERE state = 'waiting';
   CREATE INDEX message_incident ON message (incident, channel);
   CREATE INDEX message_changed ON message (state, changed_at);
   CREATE TABLE delivery (
     id INTEGER PRIMARY KEY,
     channel TEXT NOT NULL,
     counts_at REAL NOT NULL,
     state TEXT NOT NULL
   ) STRICT;
   CREATE INDEX delivery_channel ON delivery (channel, counts_at);
   CREATE TABLE channel (
     name TEXT PRIMARY KEY,
     failures INTEGER NOT NULL,
     again_at REAL NOT NULL,
     broken_since REAL,
     why TEXT
   ) STRICT;`,
  `CREATE TABLE letter (
     id TEXT PRIMARY KEY,
     document TEXT NOT NULL,
     due REAL NOT NULL,
     state TEXT NOT NULL,
     again INTEGER NOT NULL DEFAULT 0,
     why TEXT,
     changed_at REAL NOT NULL
   ) STRICT;
   CREATE INDEX letter_waiting ON letter (due) WHERE state = 'waiting';
   CREATE TABLE enclosure (hash TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
   CREATE TABLE enclosed (
     letter TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
     place INTEGER NOT NULL,
     name TEXT NOT NULL,
     type TEXT NOT NULL,
     hash TEXT NOT NULL,
     PRIMARY KEY (letter, place)
   ) STRICT;
   CREATE INDEX enclosed_hash ON enclosed (hash);`,
  // Whether an incident lasts after this word of it. Checks before lessons and what is foreseen are of no incident, and end by themselves.
  `ALTER TABLE notice ADD COLUMN lasts INTEGER NOT NULL GENERATED ALWAYS AS
     (json_extract(body, '$.kind') <> 'resolved' AND json_extract(body, '$.about') IS NULL) VIRTUAL;
   CREATE INDEX notice_taken ON notice (taken_at);`,
];
