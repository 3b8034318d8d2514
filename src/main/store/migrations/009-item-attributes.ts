import type { Migration } from './migration'

/** Attributes of items in addition to title and genres, as a JSON object of text by column. */
export const itemAttributes: Migration = {
  version: 9,
  name: 'add attributes of items',
  sql: `ALTER TABLE item ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';`,
}
