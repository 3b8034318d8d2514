import type { Migration } from './migration'

/** Runs that combine trained runs: JSON with a copy of each member, so that they load without them. Null for all others. */
export const runMembers: Migration = {
  version: 5,
  name: 'add the members of runs made of trained runs',
  sql: 'ALTER TABLE run ADD COLUMN members TEXT',
}
