import type { Migration } from './migration'

/**
 * Indexes for paging through users and items and searching them without reading their rows, whose BLOBs are nearly all of a library. The first
 * rows of an index are those that people request first: the most active users, the most popular items.
 */
export const browsing: Migration = {
  version: 16,
  name: 'index users and items by what they are sorted by',
  sql: `
CREATE INDEX history_size ON history (dataset, size DESC, external_id, user);
CREATE INDEX item_interactions ON item (dataset, interactions DESC, folded);
CREATE INDEX item_folded ON item (dataset, folded);
`,
}
