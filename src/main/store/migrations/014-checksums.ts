import { protectRows } from '../row-checksum'
import type { Migration } from './migration'

/**
 * A checksum in every row, and the number of rows that belong to a run, an experiment and a map: a damaged page can remove rows without a trace in
 * those that are left. Rows of earlier libraries get the checksum of their current content.
 */
export const checksums: Migration = {
  version: 14,
  name: 'add checksums',
  sql: `
-- rows by table that a finished run was stored with, as JSON; NULL until it has finished
ALTER TABLE run ADD COLUMN stored_rows TEXT;
UPDATE run SET stored_rows = json_object(
  'epoch', (SELECT count(*) FROM epoch WHERE epoch.run = run.id),
  'metric', (SELECT count(*) FROM metric WHERE metric.run = run.id),
  'user_metric', (SELECT count(*) FROM user_metric WHERE user_metric.run = run.id),
  'segments', (SELECT count(*) FROM segments WHERE segments.run = run.id),
  'split', (SELECT count(*) FROM split WHERE split.run = run.id),
  'held_out', (SELECT count(*) FROM held_out WHERE held_out.run = run.id)
) WHERE state = 'finished';

ALTER TABLE map ADD COLUMN plots INTEGER NOT NULL DEFAULT 0;
UPDATE map SET plots = (SELECT count(*) FROM map_plot WHERE map_plot.map = map.id);

-- planned runs that are left: those of deleted data sets go
ALTER TABLE experiment ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;
UPDATE experiment SET planned = (SELECT count(*) FROM experiment_run WHERE experiment_run.experiment = experiment.id);
DROP TRIGGER experiment_without_data;
CREATE TRIGGER experiment_without_data AFTER DELETE ON experiment_run BEGIN
  UPDATE experiment SET planned = planned - 1 WHERE id = OLD.experiment;
  DELETE FROM experiment WHERE id = OLD.experiment AND planned <= 0;
END;
`,
  then: (database) => protectRows(database),
}
