import type { Migration } from './migration'

/**
 * An experiment plans runs; each planned run refers to its run once there is one. If a run is deleted, its planned run can be trained
 * again; if a data set is deleted, its planned runs are deleted, too, and so is an experiment without planned runs.
 */
export const experiments: Migration = {
  version: 4,
  name: 'add experiments',
  sql: `
CREATE TABLE experiment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  recipe TEXT NOT NULL,
  -- the process that trains its runs now; NULL: nobody
  owner_pid INTEGER,
  -- milliseconds since 1970 at which it took the experiment on
  owned_since INTEGER,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE experiment_run (
  experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  -- place in the expansion of the recipe
  position INTEGER NOT NULL,
  dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  run INTEGER REFERENCES run (id) ON DELETE SET NULL,
  -- 1: an identical run that was there before
  reused INTEGER NOT NULL DEFAULT 0,
  -- why no run could be started
  error TEXT,
  PRIMARY KEY (experiment, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiment_run_dataset ON experiment_run (dataset);
CREATE INDEX experiment_run_run ON experiment_run (run);

CREATE TRIGGER experiment_without_data AFTER DELETE ON experiment_run
WHEN NOT EXISTS (SELECT 1 FROM experiment_run WHERE experiment = OLD.experiment)
BEGIN
  DELETE FROM experiment WHERE id = OLD.experiment;
END;
`,
}
