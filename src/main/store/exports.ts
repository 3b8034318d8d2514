import { type ExportRecord, exportRecord } from '../../shared/exports'
import type { Connection } from './connection'
import { jsonOrNull, parsed } from './json'
import { unfinishedJob } from './jobs'
import { unknownId } from './naming'
import { isAlive, ownIdIn } from './process-lock'
import type { ExportRepository } from './store'

interface ExportRow {
  id: number
  run: number
  file_name: string
  users: number
  popular: number | null
  left_out: number | null
  unknown: number
  k: number
  state: string
  error: string | null
  rows: number | null
  bytes: number | null
  created_at: string
}

export function exportRepository(connection: Connection): ExportRepository {
  const recordOf = (row: ExportRow): ExportRecord => {
    const [run] = connection.rows<{ name: string }>('run', { id: row.run })
    if (!run) throw connection.damaged(`export ${row.id} is of run ${row.run}, which is missing`)
    return exportRecord.parse({
      id: row.id,
      run: row.run,
      runName: run.name,
      fileName: row.file_name,
      users: row.users,
      popular: row.popular,
      leftOut: row.left_out,
      unknown: row.unknown,
      k: row.k,
      state: row.state,
      error: parsed(row.error),
      job: unfinishedJob(connection, { export: row.id }),
      rows: row.rows,
      bytes: row.bytes,
      createdAt: row.created_at,
    })
  }

  const rowOf = (id: number): ExportRow => {
    const [row] = connection.rows<ExportRow>('export', { id })
    if (row) return row
    throw unknownId('export', id, connection.prepare<[], number>('SELECT id FROM export ORDER BY id').pluck().all())
  }

  /** The first end counts. */
  const end = (id: number, state: 'failed' | 'cancelled', error: string | null): void => {
    connection.write(() => {
      rowOf(id)
      connection
        .prepare(`UPDATE export SET state = ?, error = ? WHERE id = ? AND state IN ('queued', 'running')`)
        .run(state, error, id)
    })
  }

  return {
    create: (record) =>
      connection.write(() => {
        const inserted = connection
          .prepare(
            `INSERT INTO export (run, file_name, users, unknown, k, state, owner, created_at)
             VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)`,
          )
          .run(
            record.run,
            record.fileName,
            record.users,
            record.unknown,
            record.k,
            record.temporary ? ownIdIn(connection.library) : null,
            new Date().toISOString(),
          )
        return recordOf(rowOf(Number(inserted.lastInsertRowid)))
      }),
    list: () => connection.rows<ExportRow>('export', {}, 'ORDER BY id DESC').map(recordOf),
    get: (id) => recordOf(rowOf(id)),
    finish: (id, outcome) => {
      connection.write(() => {
        rowOf(id)
        connection
          .prepare(
            `UPDATE export SET state = 'finished', rows = ?, bytes = ?, users = ?, popular = ?, left_out = ?
             WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(outcome.rows, outcome.bytes, outcome.users, outcome.popular, outcome.leftOut, id)
      })
    },
    fail: (id, error) => end(id, 'failed', jsonOrNull(error)),
    cancel: (id) => end(id, 'cancelled', null),
    failWithoutJob: (error) =>
      connection.write(() => {
        connection
          .prepare(
            `UPDATE export SET state = 'failed', error = ? WHERE state IN ('queued', 'running')
             AND NOT EXISTS (SELECT 1 FROM job WHERE job.export = export.id AND job.state IN ('queued', 'running'))`,
          )
          .run(jsonOrNull(error))
      }),
    delete: (id) => {
      connection.remove(() => {
        rowOf(id)
        connection.prepare('DELETE FROM export WHERE id = ?').run(id)
      })
    },
    deleteAbandoned: () => {
      const temporary = connection.prepare<[], { id: number; owner: string }>(
        'SELECT id, owner FROM export WHERE owner IS NOT NULL',
      )
      for (const { id, owner } of temporary.all())
        if (!isAlive(connection.library, owner))
          connection.write(() => connection.prepare('DELETE FROM export WHERE id = ?').run(id))
    },
  }
}
