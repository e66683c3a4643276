/**
 * What the hub concluded, and what it needs to go on concluding. Never edit a released step.
 *
 * `agent` holds the state of the fold, a row for each agent that has something; `word` what agents said since their row was written, which
 * is in no other store; `progress` how far a county has come.
 *
 * Incidents are kept for good, as the minutes are: a report of any term that was can be made anew. A county of 3,000 schools has some
 * 18,000 a month, of one or two kilobytes.
 */
export const schema: readonly string[] = [
  `
  CREATE TABLE incident (
    county TEXT NOT NULL,
    id TEXT NOT NULL,
    began REAL NOT NULL,
    ended REAL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (county, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX incident_by_id ON incident (id);
  CREATE INDEX incident_by_time ON incident (county, began);

  CREATE TABLE notice (
    incident TEXT NOT NULL,
    step INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (incident, step)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE maintenance (
    county TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (county, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE agent (
    county TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (county, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE word (
    county TEXT NOT NULL,
    agent TEXT NOT NULL,
    time REAL NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX word_of_agent ON word (county, agent);

  CREATE TABLE progress (
    county TEXT PRIMARY KEY,
    frame TEXT NOT NULL,
    unsaved_from REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE beat (time REAL NOT NULL) STRICT;
  `,
  // What lasts now is asked for every few seconds, among all that ever was.
  `
  DROP INDEX incident_by_time;
  CREATE INDEX incident_ended ON incident (ended, began);
  CREATE INDEX incident_ended_in ON incident (county, ended, began);
  `,
];
