/** Tables of the minutes; see minutes.ts for what they mean. */
export const migrations: readonly string[] = [
  `CREATE TABLE agent_day (
     county TEXT NOT NULL,
     day TEXT NOT NULL,
     agent TEXT NOT NULL,
     kind TEXT NOT NULL,
     school TEXT NOT NULL,
     classroom TEXT NOT NULL,
     minutes BLOB NOT NULL,
     revision INTEGER NOT NULL,
     PRIMARY KEY (county, day, agent)
   ) WITHOUT ROWID;
   CREATE TABLE progress (county TEXT PRIMARY KEY, settled_to INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE late (agent TEXT NOT NULL, hour INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (agent, hour)) WITHOUT ROWID;
   CREATE TABLE heard (agent TEXT NOT NULL, time REAL NOT NULL, state TEXT NOT NULL, PRIMARY KEY (agent, time, state)) WITHOUT ROWID;
   CREATE TABLE slept (agent TEXT NOT NULL, since REAL NOT NULL, until REAL NOT NULL, PRIMARY KEY (agent, until, since)) WITHOUT ROWID;
   CREATE TABLE away (since REAL NOT NULL, until REAL NOT NULL);
   CREATE TABLE alive (time REAL NOT NULL);`,
  `CREATE TABLE county_day (county TEXT NOT NULL, day TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (county, day)) WITHOUT ROWID;
   INSERT INTO county_day SELECT county, day, hex(randomblob(8)) FROM (SELECT DISTINCT county, day FROM agent_day);`,
  // After an outage hundreds of thousands of hours wait, and are taken some thousand at a time.
  'CREATE INDEX late_by_hour ON late (hour, agent, at);',
  // Each hour those of one hour are forgotten, of weeks that are kept.
  `CREATE INDEX heard_by_time ON heard (time);
   CREATE INDEX slept_by_end ON slept (until);`,
];
