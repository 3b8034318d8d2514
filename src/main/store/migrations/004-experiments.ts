import type { Migration } from './migration'

/**
 * An experiment plans runs; a planned run names the run that fills it, once there is one. Deleting a run leaves its place to be trained
 * again; deleting a data set takes its places along, and an experiment of which nothing is left.
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
