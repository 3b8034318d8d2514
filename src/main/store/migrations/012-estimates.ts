import type { Migration } from './migration'

/** What a run was estimated to need of memory before it began, beside what it took. */
export const estimates: Migration = {
  version: 12,
  name: 'keep the estimate of memory with a run',
  sql: `ALTER TABLE run ADD COLUMN estimated_bytes INTEGER;`,
}
