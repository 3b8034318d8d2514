import type { Connection } from './connection'
import { isAlive, mayBeAlive } from './process-lock'
import type { RemovedDatasets } from './dataset-repository'

/*
 * Data sets whose `state` is not 'ready' are invisible: unfinished imports, and deleted versions. The latter
 * are marked by `deleted`, because the schema has no state for them.
 */

/** Rows per transaction: some milliseconds during which no other process can write. */
const rowsAtOnce = 1000

interface UnfinishedRow {
  id: number
  owner: string | null
  owner_pid: number
}

/** Imports whose process has died. */
const brokenOffImports = (connection: Connection): number[] =>
  connection
    .prepare<[], UnfinishedRow>(`SELECT id, owner, owner_pid FROM dataset WHERE state = 'importing' AND deleted = 0`)
    .all()
    .filter(({ owner, owner_pid: pid }) => (owner === null ? !mayBeAlive(pid) : !isAlive(connection.library, owner)))
    .map(({ id }) => id)

const deletedVersions = (connection: Connection): number[] =>
  connection.prepare<[], number>('SELECT id FROM dataset WHERE deleted = 1').pluck().all()

/**
 * Removes the rows of deleted versions and of imports whose process has died, in short transactions, so that other processes can write in
 * between, and frees their space. @returns the number of data sets of either kind
 */
export function removeUnseen(connection: Connection): RemovedDatasets {
  const [unfinished, deleted] = [brokenOffImports(connection), deletedVersions(connection)]
  for (const id of [...unfinished, ...deleted]) removeRows(connection, id)
  if (unfinished.length + deleted.length > 0) connection.freeSpace()
  return { unfinished: unfinished.length, deleted: deleted.length }
}

function removeRows(connection: Connection, id: number): void {
  for (const table of ['history', 'reject']) {
    const some = connection.prepare<[number, number]>(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE dataset = ? LIMIT ?)`,
    )
    while (connection.remove(() => some.run(id, rowsAtOnce).changes) === rowsAtOnce);
  }
  connection.remove(() => connection.prepare('DELETE FROM dataset WHERE id = ?').run(id))
}

/** Makes a data set with its runs invisible, and frees its name; `removeUnseen` deletes its rows. */
export function markDeleted(connection: Connection, id: number): void {
  for (const table of ['run', 'experiment_run']) connection.prepare(`DELETE FROM ${table} WHERE dataset = ?`).run(id)
  connection.prepare(`UPDATE dataset SET state = 'importing', deleted = 1 WHERE id = ?`).run(id)
}
