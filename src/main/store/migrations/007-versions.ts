import type { Migration } from './migration'

/**
 * A version of a data set is a row with its own items and histories: the version that a run refers to never changes, and is deleted only
 * explicitly. Versions share their name and their series.
 */
export const versions: Migration = {
  version: 7,
  name: 'add versions of data sets',
  sql: `
-- the id that its first version has or had
ALTER TABLE dataset ADD COLUMN series INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dataset ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE dataset ADD COLUMN origin TEXT NOT NULL DEFAULT 'import' CHECK (origin IN ('import', 'append', 'refresh'));
UPDATE dataset SET series = id;

DROP INDEX dataset_name;
CREATE UNIQUE INDEX dataset_name ON dataset (name, version) WHERE state = 'ready';
CREATE INDEX dataset_series ON dataset (series);

-- of the data that the run was made for
ALTER TABLE run ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
UPDATE run SET fingerprint = (SELECT dataset.fingerprint FROM dataset WHERE dataset.id = run.dataset);
`,
}
