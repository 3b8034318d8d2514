import type { Migration } from './migration'

/**
 * JSON columns contain data that are only read as a whole. Ids of data sets, runs, exports and jobs are never reused
 * (AUTOINCREMENT), because files on disk and messages on screen contain them.
 */
export const initial: Migration = {
  version: 1,
  name: 'create the tables',
  sql: `
CREATE TABLE dataset (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  -- 'importing' rows belong to the process owner_pid and are invisible to everybody else
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
  owner_pid INTEGER NOT NULL,
  -- milliseconds since 1970
  touched_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  import_settings TEXT NOT NULL,
  users INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  interactions INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  -- earlier interactions of the same user with the same item, dropped while importing
  duplicates INTEGER NOT NULL DEFAULT 0,
  has_ratings INTEGER NOT NULL DEFAULT 0,
  has_times INTEGER NOT NULL DEFAULT 0,
  fingerprint TEXT NOT NULL DEFAULT '',
  -- histograms counted while importing, so that a page about millions of ratings opens at once
  profile TEXT NOT NULL DEFAULT '{}',
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX dataset_name ON dataset (name) WHERE state = 'ready';

CREATE TABLE item (
  dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  title TEXT NOT NULL,
  genres TEXT NOT NULL,
  -- id and title without case and accents, for searching
  folded TEXT NOT NULL,
  interactions INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX item_external_id ON item (dataset, external_id);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  user INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  size INTEGER NOT NULL,
  -- little-endian arrays of "size" values, see history-blobs.ts
  items BLOB NOT NULL,
  ratings BLOB,
  times BLOB
) STRICT;
CREATE UNIQUE INDEX history_user ON history (dataset, user);
CREATE UNIQUE INDEX history_external_id ON history (dataset, external_id);

CREATE TABLE reject (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX reject_dataset ON reject (dataset);

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  preset TEXT,
  config TEXT NOT NULL,
  seed INTEGER NOT NULL,
  preparation TEXT NOT NULL,
  split TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error TEXT,
  environment TEXT,
  best_epoch INTEGER,
  seconds REAL,
  rows_per_second REAL,
  peak_bytes REAL,
  parameters INTEGER,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX run_dataset ON run (dataset);

-- who is held out, with which catalogue: little-endian int32 arrays
CREATE TABLE split (
  run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  catalogue BLOB NOT NULL,
  train_users BLOB NOT NULL,
  validation_users BLOB NOT NULL,
  test_users BLOB NOT NULL,
  summary TEXT NOT NULL
) STRICT;

CREATE TABLE epoch (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  label TEXT NOT NULL,
  loss TEXT NOT NULL,
  validation TEXT NOT NULL,
  seconds REAL NOT NULL,
  rows_per_second REAL NOT NULL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('validation', 'test')),
  metric TEXT NOT NULL,
  mean REAL NOT NULL,
  se REAL NOT NULL,
  users INTEGER NOT NULL,
  PRIMARY KEY (run, part, metric)
) STRICT, WITHOUT ROWID;

-- one little-endian float32 per held-out user
CREATE TABLE user_metric (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('validation', 'test')),
  metric TEXT NOT NULL,
  per_user BLOB NOT NULL,
  PRIMARY KEY (run, part, metric)
) STRICT;

CREATE TABLE checkpoint (
  run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  epoch INTEGER NOT NULL
) STRICT;

CREATE TABLE export (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  users INTEGER NOT NULL,
  k INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error TEXT,
  rows INTEGER,
  bytes INTEGER,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX export_run ON export (run);

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  specification TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error TEXT,
  dataset INTEGER REFERENCES dataset (id) ON DELETE SET NULL,
  run INTEGER REFERENCES run (id) ON DELETE SET NULL,
  export INTEGER REFERENCES export (id) ON DELETE SET NULL,
  pid INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX job_state ON job (state);
CREATE INDEX job_dataset ON job (dataset);
CREATE INDEX job_run ON job (run);
CREATE INDEX job_export ON job (export);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
