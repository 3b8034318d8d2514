import { StudioError } from '../../shared/errors'
import { job as jobSchema } from '../../shared/jobs'
import type { Connection } from './connection'
import { jsonOrNull, parsed } from './json'
import { unknownId } from './naming'
import { isAlive, mayBeAlive, ownIdIn } from './process-lock'
import type { JobRepository, JobRow } from './store'

interface StoredJob {
  id: number
  kind: string
  label: string
  specification: string
  state: string
  error: string | null
  dataset: number | null
  run: number | null
  export: number | null
  result: string | null
  owner: string | null
  pid: number
  created_at: string
}

const jobOf = (row: StoredJob): JobRow => ({
  ...jobSchema.parse({
    id: row.id,
    kind: row.kind,
    label: row.label,
    state: row.state,
    // Progress is live; the supervisor adds it.
    progress: null,
    dataset: row.dataset,
    run: row.run,
    export: row.export,
    error: parsed(row.error),
    createdAt: row.created_at,
  }),
  specification: parsed(row.specification),
  result: parsed(row.result),
})

/** The newest queued or running job of a run's training or of an export; null if there is none. */
export function unfinishedJob(
  connection: Connection,
  of: { run: number; kind: 'train' } | { export: number },
): number | null {
  const [job] = connection.rows<StoredJob>('job', of, `AND state IN ('queued', 'running') ORDER BY id DESC LIMIT 1`)
  return job?.id ?? null
}

export function jobRepository(connection: Connection): JobRepository {
  const rowOf = (id: number): StoredJob => {
    const [row] = connection.rows<StoredJob>('job', { id })
    if (row) return row
    const ids = connection.prepare<[], number>('SELECT id FROM job ORDER BY id DESC').pluck().all()
    throw unknownId('job', id, ids)
  }
  return {
    create: (job) =>
      connection.write(() => {
        const inserted = connection
          .prepare(
            `INSERT INTO job (kind, label, specification, state, dataset, run, export, owner, pid, created_at)
             VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)`,
          )
          .run(
            job.kind,
            job.label,
            JSON.stringify(job.specification),
            job.dataset,
            job.run,
            job.export,
            ownIdIn(connection.library),
            process.pid,
            new Date().toISOString(),
          )
        return jobOf(rowOf(Number(inserted.lastInsertRowid)))
      }),
    list: () => connection.rows<StoredJob>('job', {}, 'ORDER BY id DESC').map(jobOf),
    get: (id) => jobOf(rowOf(id)),
    start: (id) => {
      connection.write(() => {
        const { export: exported } = rowOf(id)
        connection
          .prepare(`UPDATE job SET state = 'running', owner = ?, pid = ? WHERE id = ? AND state = 'queued'`)
          .run(ownIdIn(connection.library), process.pid, id)
        connection.prepare(`UPDATE export SET state = 'running' WHERE id = ? AND state = 'queued'`).run(exported)
      })
    },
    use: (id, dataset) => {
      connection.write(() => connection.prepare('UPDATE job SET dataset = ? WHERE id = ?').run(dataset, id))
    },
    finish: (id, result) => {
      connection.write(() => {
        const { changes } = connection
          .prepare(`UPDATE job SET state = 'finished', result = ? WHERE id = ? AND state IN ('queued', 'running')`)
          .run(JSON.stringify(result), id)
        if (changes === 0)
          throw new StudioError({
            code: 'CONFLICT',
            message: `Job ${id} ended before its result was stored, so nothing was stored.`,
            next: 'Start it again.',
          })
      })
    },
    end: (id, state, error, result) => {
      connection.write(() => {
        rowOf(id)
        // The first end counts.
        connection
          .prepare(`UPDATE job SET state = ?, error = ?, result = ? WHERE id = ? AND state IN ('queued', 'running')`)
          .run(state, jsonOrNull(error), jsonOrNull(result ?? null), id)
      })
    },
    unfinished: () =>
      connection.rows<StoredJob>('job', {}, `AND state IN ('queued', 'running') ORDER BY id`).map((row) => ({
        job: jobOf(row),
        owned: row.owner === null ? mayBeAlive(row.pid) : isAlive(connection.library, row.owner),
      })),
  }
}
