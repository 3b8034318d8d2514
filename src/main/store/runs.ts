import { runId } from '../../shared/ids'
import type { Metrics, TestMetrics } from '../../shared/metrics'
import { type EpochPoint, epochPoint, type Run, run as runSchema, type RunDetail, runDetail } from '../../shared/runs'
import type { Connection } from './connection'
import { jsonOrNull, parsed } from './json'
import { float32FromBlob, toBlob } from './little-endian'
import { unknownId } from './naming'
import { splitTables } from './splits'
import type { RunRepository, StoredCheckpoint, StoredSplit } from './store'

interface RunRow {
  id: number
  name: string
  dataset: number
  dataset_name: string
  dataset_version: number
  fingerprint: string
  model: string
  preset: string | null
  config: string
  seed: number
  preparation: string
  split: string
  state: string
  error: string | null
  environment: string | null
  best_epoch: number | null
  seconds: number | null
  rows_per_second: number | null
  peak_bytes: number | null
  estimated_bytes: number | null
  parameters: number | null
  created_at: string
  job: number | null
  checkpoint_bytes: number | null
  split_summary: string | null
  members: string | null
}

const selectRuns = `
  SELECT run.*, dataset.name AS dataset_name, dataset.version AS dataset_version, checkpoint.bytes AS checkpoint_bytes, split.summary AS split_summary,
    (SELECT max(job.id) FROM job WHERE job.run = run.id AND job.kind = 'train' AND job.state IN ('queued', 'running')) AS job
  FROM run
  JOIN dataset ON dataset.id = run.dataset
  LEFT JOIN checkpoint ON checkpoint.run = run.id
  LEFT JOIN split ON split.run = run.id`

type Part = 'validation' | 'test'

export function runRepository(connection: Connection): RunRepository {
  const splits = splitTables(connection)
  const ids = (): number[] => connection.prepare<[], number>('SELECT id FROM run ORDER BY id').pluck().all()

  const rowOf = (id: number): RunRow => {
    const row = connection.prepare<[number], RunRow>(`${selectRuns} WHERE run.id = ?`).get(id)
    if (!row) throw unknownId('run', id, ids())
    return row
  }

  const storedMetrics = (id: number, part: Part): Record<string, unknown> | null => {
    const rows = connection
      .prepare<[number, Part], { metric: string; mean: number; se: number; users: number }>(
        'SELECT metric, mean, se, users FROM metric WHERE run = ? AND part = ?',
      )
      .all(id, part)
    if (rows.length === 0) return null
    return Object.fromEntries(rows.map(({ metric, ...value }) => [metric, value]))
  }

  const summaryOf = (row: RunRow): Record<keyof Run, unknown> => ({
    id: row.id,
    name: row.name,
    dataset: row.dataset,
    datasetName: row.dataset_name,
    datasetVersion: row.dataset_version,
    model: row.model,
    preset: row.preset,
    status: row.state === 'failed' ? { state: row.state, error: parsed(row.error) } : { state: row.state },
    job: row.job,
    seed: row.seed,
    bestEpoch: row.best_epoch,
    validation: storedMetrics(row.id, 'validation'),
    test: storedMetrics(row.id, 'test'),
    seconds: row.seconds,
    usable: row.checkpoint_bytes !== null,
    createdAt: row.created_at,
  })

  const epochsOf = (id: number): EpochPoint[] =>
    connection
      .prepare<
        [number],
        { epoch: number; label: string; loss: string; validation: string; seconds: number; rows_per_second: number }
      >('SELECT * FROM epoch WHERE run = ? ORDER BY epoch')
      .all(id)
      .map((row) =>
        epochPoint.parse({
          epoch: row.epoch,
          label: row.label,
          loss: parsed(row.loss),
          validation: parsed(row.validation),
          seconds: row.seconds,
          rowsPerSecond: row.rows_per_second,
        }),
      )

  const segmentsOf = (id: number): unknown => {
    const stored = connection.prepare<[number], string>('SELECT of_test FROM segments WHERE run = ?').pluck().get(id)
    return stored === undefined ? [] : parsed(stored)
  }

  const detailOf = (id: number): RunDetail => {
    const row = rowOf(id)
    return runDetail.parse({
      ...summaryOf(row),
      fingerprint: row.fingerprint,
      config: parsed(row.config),
      members: parsed(row.members),
      preparation: parsed(row.preparation),
      split: parsed(row.split),
      splitSummary: parsed(row.split_summary),
      environment: parsed(row.environment),
      segments: segmentsOf(id),
      epochs: epochsOf(id),
      rowsPerSecond: row.rows_per_second,
      peakBytes: row.peak_bytes,
      estimatedBytes: row.estimated_bytes,
      parameters: row.parameters,
      checkpointBytes: row.checkpoint_bytes,
    })
  }

  const runOf = (id: number): Run => runSchema.parse(summaryOf(rowOf(id)))

  /** Changes a run that must exist. */
  const change = (id: number, apply: () => void): void => {
    connection.write(() => {
      rowOf(id)
      apply()
    })
  }

  /** Ends a run that has not ended yet; the first end stands. */
  const end = (id: number, state: 'failed' | 'cancelled', error: string | null): void =>
    change(id, () => {
      connection
        .prepare(`UPDATE run SET state = ?, error = ? WHERE id = ? AND state IN ('queued', 'running')`)
        .run(state, error, id)
    })

  const saveMetrics = (id: number, part: Part, values: Metrics | TestMetrics): void => {
    for (const [name, value] of Object.entries(values)) {
      if (!value) continue
      const { mean, se, users } = value
      connection
        .prepare('INSERT OR REPLACE INTO metric (run, part, metric, mean, se, users) VALUES (?, ?, ?, ?, ?, ?)')
        .run(id, part, name, mean, se, users)
    }
  }

  return {
    create: (run) =>
      connection.write(() => {
        const inserted = connection
          .prepare(
            `INSERT INTO run (name, dataset, model, preset, config, seed, preparation, split, members, state, created_at, fingerprint)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, (SELECT fingerprint FROM dataset WHERE id = ?))`,
          )
          .run(
            run.name,
            run.dataset,
            run.model,
            run.preset,
            JSON.stringify(run.config),
            run.seed,
            JSON.stringify(run.preparation),
            JSON.stringify(run.split),
            jsonOrNull(run.members ?? null),
            new Date().toISOString(),
            run.dataset,
          )
        return runOf(runId.parse(Number(inserted.lastInsertRowid)))
      }),
    list: (dataset) =>
      connection
        .prepare<[number | null, number | null], RunRow>(
          `${selectRuns} WHERE ? IS NULL OR run.dataset = ? ORDER BY run.id DESC`,
        )
        .all(dataset, dataset)
        .map((row) => runSchema.parse(summaryOf(row))),
    get: detailOf,
    rename(id, name) {
      change(id, () => connection.prepare('UPDATE run SET name = ? WHERE id = ?').run(name, id))
      return runOf(id)
    },
    delete(id) {
      change(id, () => connection.prepare('DELETE FROM run WHERE id = ?').run(id))
      connection.freeSpace()
    },
    started: (id, environment) =>
      change(id, () => {
        connection
          .prepare(`UPDATE run SET state = 'running', environment = ? WHERE id = ? AND state IN ('queued', 'running')`)
          .run(JSON.stringify(environment), id)
      }),
    saveEstimate: (id, bytes) =>
      change(id, () => {
        connection.prepare('UPDATE run SET estimated_bytes = ? WHERE id = ?').run(Math.round(bytes), id)
      }),
    saveSplit: (id, split, summary) => change(id, () => splits.save(id, split, summary)),
    split(id): StoredSplit | null {
      rowOf(id)
      return splits.read(id)
    },
    addEpoch: (id, point) =>
      change(id, () => {
        connection
          .prepare('INSERT OR REPLACE INTO epoch VALUES (?, ?, ?, ?, ?, ?, ?)')
          .run(
            id,
            point.epoch,
            point.label,
            JSON.stringify(point.loss),
            JSON.stringify(point.validation),
            point.seconds,
            point.rowsPerSecond,
          )
      }),
    saveCheckpoint: (id, checkpoint) =>
      change(id, () => {
        connection
          .prepare(
            'INSERT OR REPLACE INTO pending_file (path, owner) SELECT path, NULL FROM checkpoint WHERE run = ? AND path <> ?',
          )
          .run(id, checkpoint.path)
        connection.prepare('DELETE FROM pending_file WHERE path = ?').run(checkpoint.path)
        connection
          .prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?)')
          .run(id, checkpoint.path, checkpoint.sha256, checkpoint.bytes, checkpoint.epoch)
        connection.prepare('UPDATE run SET best_epoch = ? WHERE id = ?').run(checkpoint.epoch, id)
      }),
    checkpoint(id) {
      rowOf(id)
      return (
        connection
          .prepare<[number], StoredCheckpoint>('SELECT path, sha256, bytes, epoch FROM checkpoint WHERE run = ?')
          .get(id) ?? null
      )
    },
    saveUserMetric: (id, part, metric, values) =>
      change(id, () => {
        connection
          .prepare('INSERT OR REPLACE INTO user_metric VALUES (?, ?, ?, ?)')
          .run(id, part, metric, toBlob(values))
      }),
    userMetric(id, part, metric) {
      rowOf(id)
      const blob = connection
        .prepare<[number, Part, string], Buffer>(
          'SELECT per_user FROM user_metric WHERE run = ? AND part = ? AND metric = ?',
        )
        .pluck()
        .get(id, part, metric)
      return blob ? float32FromBlob(blob) : null
    },
    finish: (id, outcome) =>
      change(id, () => {
        const changed = connection
          .prepare(
            `UPDATE run SET state = 'finished', best_epoch = ?, seconds = ?, rows_per_second = ?, peak_bytes = ?, parameters = ?
             WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(
            outcome.bestEpoch,
            outcome.seconds,
            outcome.rowsPerSecond,
            outcome.peakBytes,
            outcome.parameters,
            id,
          ).changes
        if (changed === 0) return
        saveMetrics(id, 'validation', outcome.validation)
        saveMetrics(id, 'test', outcome.test)
        connection.prepare('INSERT INTO segments VALUES (?, ?)').run(id, JSON.stringify(outcome.segments))
      }),
    fail: (id, error) => end(id, 'failed', jsonOrNull(error)),
    cancel: (id) => end(id, 'cancelled', null),
    failWithoutJob: (error) =>
      connection.write(() => {
        connection
          .prepare(
            `UPDATE run SET state = 'failed', error = ? WHERE state IN ('queued', 'running')
             AND NOT EXISTS (SELECT 1 FROM job WHERE job.run = run.id AND job.state IN ('queued', 'running'))`,
          )
          .run(jsonOrNull(error))
      }),
  }
}
