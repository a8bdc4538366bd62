-- Times are milliseconds since 1970, UTC. Lists of values are joined by commas; NULL is not known, '' is none.
-- A column that comes later may be NULL or has a DEFAULT: it is added to the states that are there.

CREATE TABLE IF NOT EXISTS publication (
  publisher    TEXT NOT NULL,
  record       TEXT NOT NULL,
  type         TEXT NOT NULL,
  queue        TEXT NOT NULL,
  ttl          INTEGER NOT NULL,
  nameservers  TEXT NOT NULL,
  fingerprint  TEXT NOT NULL,
  gap          INTEGER NOT NULL DEFAULT 0,
  api          TEXT NOT NULL DEFAULT 'NONE',
  repair       INTEGER NOT NULL DEFAULT 0,
  dry          INTEGER NOT NULL DEFAULT 0,
  move_from    TEXT,
  move_to      TEXT,
  cause        TEXT,
  detected_at  INTEGER,
  decided_at   INTEGER,
  downtime     INTEGER,
  decided      TEXT,
  held         INTEGER NOT NULL,
  confirmed    TEXT,
  confirmed_at INTEGER,
  attempted    TEXT,
  ticket       TEXT,
  sent_at      INTEGER,
  not_before   INTEGER,
  due          INTEGER,
  failures     INTEGER NOT NULL,
  lost         INTEGER NOT NULL DEFAULT 0,
  ambiguous    INTEGER NOT NULL,
  unchanged    INTEGER NOT NULL,
  unseen       INTEGER NOT NULL DEFAULT 1,
  stopped      TEXT,
  trouble_told INTEGER,
  told         INTEGER NOT NULL,
  shown        TEXT,
  reported     TEXT,
  repairs      TEXT NOT NULL DEFAULT '',
  proof_written INTEGER,
  proof_read   INTEGER,
  proof_told   INTEGER,
  note         TEXT,
  PRIMARY KEY (publisher, record, type)
);

CREATE INDEX IF NOT EXISTS publication_due ON publication (due);

CREATE TABLE IF NOT EXISTS event (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  at          INTEGER NOT NULL,
  queue       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  record      TEXT,
  server      TEXT,
  from_server TEXT,
  to_server   TEXT,
  publisher   TEXT,
  reason      TEXT NOT NULL,
  downtime    INTEGER,
  times       TEXT NOT NULL,
  tell        INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS notice (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  event    INTEGER NOT NULL REFERENCES event (id),
  notifier TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  note     TEXT
);

CREATE INDEX IF NOT EXISTS notice_due ON notice (due);
CREATE INDEX IF NOT EXISTS notice_event ON notice (event);

CREATE TABLE IF NOT EXISTS server (
  queue         TEXT NOT NULL,
  server        TEXT NOT NULL,
  state         TEXT NOT NULL,
  since         INTEGER NOT NULL,
  healthy_since INTEGER,
  down_since    INTEGER,
  degraded      TEXT NOT NULL,
  PRIMARY KEY (queue, server)
);

CREATE TABLE IF NOT EXISTS standing (
  queue     TEXT NOT NULL PRIMARY KEY,
  failbacks TEXT NOT NULL,
  limited   INTEGER,
  all_down  INTEGER NOT NULL
);

-- What people have ordered.
CREATE TABLE IF NOT EXISTS hand (
  queue  TEXT NOT NULL,
  server TEXT,
  kind   TEXT NOT NULL,
  since  INTEGER NOT NULL,
  until  INTEGER,
  reason TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS hand_queue ON hand (queue);

-- What is not as it should be about the names around a record.
CREATE TABLE IF NOT EXISTS finding (
  queue TEXT NOT NULL,
  about TEXT NOT NULL,
  kind  TEXT NOT NULL,
  text  TEXT NOT NULL,
  told  INTEGER NOT NULL,
  PRIMARY KEY (queue, about, kind)
);

-- When the program was last known to run.
CREATE TABLE IF NOT EXISTS alive (
  one INTEGER NOT NULL PRIMARY KEY,
  at  INTEGER NOT NULL
);

-- Always empty: written and emptied again to find out whether anything can be.
CREATE TABLE IF NOT EXISTS trial (room BLOB NOT NULL);
