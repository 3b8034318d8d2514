import type { Migration } from './migration'

/** Sensitivity maps of runs. Only whole ones are stored, one for each run and settings. */
export const maps: Migration = {
  version: 2,
  name: 'add the sensitivity maps',
  sql: `
CREATE TABLE map (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  -- of the weights that it was made with
  epoch INTEGER NOT NULL,
  seconds REAL NOT NULL,
  -- little-endian int32 arrays: data set item indexes, most popular first, and how many training users have each
  items BLOB NOT NULL,
  popularity BLOB NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (run, settings)
) STRICT;

CREATE TABLE map_plot (
  map INTEGER NOT NULL REFERENCES map (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  divergence REAL NOT NULL,
  -- little-endian float32 arrays, one value for each item
  x BLOB NOT NULL,
  y BLOB NOT NULL,
  PRIMARY KEY (map, position)
) STRICT;
`,
}
