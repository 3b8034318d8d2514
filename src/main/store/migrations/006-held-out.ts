import type { Migration } from './migration'

/** The data needed to evaluate again: the folds of every measured user, the number of training users of each item, and split files. */
export const heldOut: Migration = {
  version: 6,
  name: 'keep what measured users are shown and asked for',
  sql: `
-- training users that have each item of the catalogue, little-endian int32
ALTER TABLE split ADD COLUMN train_counts BLOB;

-- two sparse matrices [users of the part, items of the catalogue] as little-endian int32 arrays
CREATE TABLE held_out (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('validation', 'test')),
  fold_in_offsets BLOB NOT NULL,
  fold_in_items BLOB NOT NULL,
  target_offsets BLOB NOT NULL,
  target_items BLOB NOT NULL,
  PRIMARY KEY (run, part)
) STRICT;

-- JSON documents, gzip, by the SHA-256 of their text, which the settings of runs name
CREATE TABLE split_file (
  sha256 TEXT PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;
`,
}
