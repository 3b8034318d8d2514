import type { Migration } from './migration'

/** The estimated peak memory of a run, beside the measured one. */
export const estimates: Migration = {
  version: 12,
  name: 'keep the estimate of memory with a run',
  sql: `ALTER TABLE run ADD COLUMN estimated_bytes INTEGER;`,
}
