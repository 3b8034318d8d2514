import { protectRows } from '../row-checksum'
import type { Migration } from './migration'

/**
 * Figures of fewer than two users have no standard error, but earlier versions stored 0; an export counts the lists that do not come from
 * the model.
 */
export const figuresAndLists: Migration = {
  version: 15,
  name: 'let figures of few users have no standard error, count lists that are not the model’s',
  sql: `
CREATE TABLE new_metric (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('validation', 'test')),
  metric TEXT NOT NULL,
  mean REAL NOT NULL,
  -- null: fewer than two users
  se REAL,
  users INTEGER NOT NULL,
  PRIMARY KEY (run, part, metric)
) STRICT, WITHOUT ROWID;
-- A damaged row must not get a valid checksum: this throws for one.
INSERT INTO new_metric SELECT run, part, metric, mean, CASE WHEN users < 2 THEN NULL ELSE se END, users FROM metric
  WHERE checked_row('metric', checksum, run, part, metric, mean, se, users);
SELECT checked_row('export', checksum, id, run, file_name, users, k, state, error, rows, bytes, created_at, owner) FROM export;
DROP TABLE metric;
ALTER TABLE new_metric RENAME TO metric;
-- lists from popularity, users without a list; null: not counted
ALTER TABLE export ADD COLUMN popular INTEGER;
ALTER TABLE export ADD COLUMN left_out INTEGER;
-- named users whom the data set does not have
ALTER TABLE export ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
`,
  then: (database) => protectRows(database, ['metric', 'export']),
}
