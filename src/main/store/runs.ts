import { z } from 'zod'
import { runId, type RunId } from '../../shared/ids'
import type { HeldOutSet, Metrics, TestMetrics } from '../../shared/metrics'
import { noLabel, type RunLabel } from '../../shared/run-labels'
import {
  continuedTimes,
  evaluation,
  type EpochPoint,
  epochPoint,
  type Run,
  run as runSchema,
  type RunDetail,
  runDetail,
} from '../../shared/runs'
import { trainingPosition } from '../../shared/training-position'
import type { Connection } from './connection'
import { storedValueKind } from './import-settings'
import { jsonOrNull, parsed } from './json'
import { float32FromBlob, toBlob } from './little-endian'
import { unfinishedTrainings, waitingStateOf } from './jobs'
import { unknownId } from './naming'
import { labelTable } from './run-labels'
import { requireNoRow, type RunTable, runTables, storedRows } from './run-rows'
import { splitTables } from './splits'
import type { RunRepository, StoredCheckpoint, StoredSplit, StoredState } from './store'

interface RunRow {
  id: number
  name: string
  dataset: number
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
  members: string | null
  stored_rows: string | null
  continued: string | null
  repeats: string | null
  imported: string | null
  stopped_early: number
  started_at: string | null
  ended_at: string | null
  trackers: string | null
}

interface StateRow {
  path: string
  sha256: string
  bytes: number
  position: string
  seconds: number
  best: string | null
}

const now = (): string => new Date().toISOString()

const storedEvaluation = evaluation.omit({ at: true, chosen: true })

interface EvaluationRow {
  readonly id: number
  readonly chosen: number
  readonly result: string
  readonly made_at: string
}

const evaluationOf = ({ result, chosen, made_at }: EvaluationRow) => ({
  ...storedEvaluation.parse(parsed(result)),
  chosen: chosen === 1,
  at: made_at,
})

/** The newest of some evaluations; null if there is none. */
function latestOf(rows: readonly EvaluationRow[]): unknown {
  const [newest] = rows.toSorted((a, b) => b.id - a.id)
  return newest ? evaluationOf(newest) : null
}

const storedCheckpoint = z.object({ path: z.string(), sha256: z.string(), bytes: z.number(), epoch: z.number() })

/** The newest state and the one before, which is used if the newest is damaged. */
const keptStates = 2

interface MetricRow extends Readonly<Record<'part', HeldOutSet>> {
  readonly metric: string
  readonly mean: number
  readonly se: number | null
  readonly users: number
}

interface DatasetOfRun {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly has_ratings: number
  readonly import_settings: string
}

interface Around {
  readonly metrics: ReadonlyMap<number, readonly MetricRow[]>
  readonly checkpoints: ReadonlyMap<number, readonly StoredCheckpoint[]>
  readonly states: ReadonlyMap<number, readonly { readonly bytes: number }[]>
  readonly evaluations: ReadonlyMap<number, readonly EvaluationRow[]>
  readonly datasets: ReadonlyMap<number, DatasetOfRun>
  readonly labels: ReadonlyMap<number, RunLabel>
  /** The job of each run that is being trained or waits for it. */
  readonly jobs: ReadonlyMap<number, number>
}

export function runRepository(connection: Connection): RunRepository {
  const splits = splitTables(connection)
  const labels = labelTable(connection)
  const ids = (): number[] => connection.prepare<[], number>('SELECT id FROM run ORDER BY id').pluck().all()

  const rowOf = (id: number): RunRow => {
    const [row] = connection.rows<RunRow>('run', { id })
    if (!row) throw unknownId('run', id, ids())
    return row
  }

  const rowsIn = (table: RunTable, id: number): number =>
    connection.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE run = ?`).pluck().get(id) ?? 0

  /** Throws DAMAGED_FILE if rows of the run are missing: the remaining ones would be read as if they were complete. */
  const requireWhole = (row: RunRow, tables: readonly RunTable[]): void => {
    if (row.stored_rows === null) return
    const stored = storedRows.parse(parsed(row.stored_rows))
    const missing = tables.find((table) => rowsIn(table, row.id) !== stored[table])
    if (missing !== undefined) throw rowsMissing(row, missing, rowsIn(missing, row.id), stored[missing])
  }

  const rowsMissing = (row: RunRow, table: RunTable, found: number, stored: number): Error =>
    connection.damaged(`run ${row.id} (${row.name}) has ${found} instead of ${stored} rows in its table “${table}”`)

  const storedMetrics = (rows: readonly MetricRow[]): Record<HeldOutSet, Record<string, unknown> | null> => {
    const of: Record<HeldOutSet, Record<string, unknown> | null> = { validation: null, test: null }
    for (const { metric, mean, se, users, ...row } of rows) (of[row.part] ??= {})[metric] = { mean, se, users }
    return of
  }

  /** What the summaries of these runs need of other tables. A list reads each table once, not once for each run. */
  const around = (ids: number[] | null): Around => {
    const only = (table: string): Record<string, unknown>[] =>
      ids === null
        ? connection.rows<Record<string, unknown>>(table)
        : ids.flatMap((run) => connection.rows<Record<string, unknown>>(table, { run }))
    const byRun = <Row>(table: string): Map<number, Row[]> => {
      const rows = new Map<number, Row[]>()
      for (const row of only(table) as (Row & { run: number })[]) {
        const known = rows.get(row.run)
        if (known) known.push(row)
        else rows.set(row.run, [row])
      }
      return rows
    }
    return {
      metrics: byRun<MetricRow>('metric'),
      checkpoints: byRun<StoredCheckpoint>('checkpoint'),
      states: byRun<{ bytes: number }>('run_state'),
      evaluations: byRun<EvaluationRow>('evaluation'),
      datasets: new Map(connection.rows<DatasetOfRun>('dataset').map((row) => [row.id, row])),
      labels: ids === null ? labels.all() : new Map(ids.map((run) => [run, labels.of(run)])),
      jobs: unfinishedTrainings(connection, ids),
    }
  }

  const requireStored = (row: RunRow, found: Readonly<Record<'metric' | 'checkpoint', number>>): void => {
    if (row.stored_rows === null) return
    const stored = storedRows.parse(parsed(row.stored_rows))
    for (const table of ['metric', 'checkpoint'] as const)
      if (stored[table] !== found[table]) throw rowsMissing(row, table, found[table], stored[table])
  }

  const checkpointOf = (id: number): StoredCheckpoint | null => {
    const [row] = connection.rows<StoredCheckpoint>('checkpoint', { run: id })
    return row ? { path: row.path, sha256: row.sha256, bytes: row.bytes, epoch: row.epoch } : null
  }

  const continuedOf = ({ continued }: RunRow): RunDetail['continued'] => continuedTimes.parse(parsed(continued) ?? [])

  const evaluationsOf = (id: number): unknown[] =>
    connection.rows<EvaluationRow>('evaluation', { run: id }, 'ORDER BY id DESC').map(evaluationOf)

  const statesOf = (id: number): StoredState[] =>
    connection
      .rows<StateRow>('run_state', { run: id }, 'ORDER BY id DESC')
      .map(({ path, sha256, bytes, position, seconds, best }) => ({
        path,
        sha256,
        bytes,
        position: trainingPosition.parse(parsed(position)),
        seconds,
        best: best === null ? null : storedCheckpoint.parse(parsed(best)),
      }))

  const saveCheckpointRow = (id: number, { path, sha256, bytes, epoch }: StoredCheckpoint): void => {
    connection
      .prepare(
        'INSERT OR REPLACE INTO pending_file (path, owner) SELECT path, NULL FROM checkpoint WHERE run = ? AND path <> ?',
      )
      .run(id, path)
    connection.prepare('DELETE FROM pending_file WHERE path = ?').run(path)
    connection
      .prepare('INSERT OR REPLACE INTO checkpoint (run, path, sha256, bytes, epoch) VALUES (?, ?, ?, ?, ?)')
      .run(id, path, sha256, bytes, epoch)
    connection.prepare('UPDATE run SET best_epoch = ? WHERE id = ?').run(epoch, id)
  }

  const statusOf = (row: RunRow, job: number | null): unknown => {
    if (row.state === 'failed') return { state: row.state, error: parsed(row.error) }
    return row.state === 'queued' ? waitingStateOf(connection, job) : { state: row.state }
  }

  const summary = (row: RunRow, known: Around): Record<keyof Run, unknown> => {
    const metrics = known.metrics.get(row.id) ?? []
    const checkpoints = known.checkpoints.get(row.id) ?? []
    requireStored(row, { metric: metrics.length, checkpoint: checkpoints.length })
    const dataset = known.datasets.get(row.dataset)
    if (!dataset)
      throw connection.damaged(`run ${row.id} (${row.name}) is of data set ${row.dataset}, which is missing`)
    const job = known.jobs.get(row.id) ?? null
    const label = known.labels.get(row.id) ?? noLabel
    const files = [...checkpoints, ...(known.states.get(row.id) ?? [])]
    return {
      id: row.id,
      name: row.name,
      dataset: row.dataset,
      datasetName: dataset.name,
      datasetVersion: dataset.version,
      valueKind: storedValueKind(dataset),
      preparation: parsed(row.preparation),
      split: parsed(row.split),
      model: row.model,
      preset: row.preset,
      config: parsed(row.config),
      status: statusOf(row, job),
      job,
      seed: row.seed,
      bestEpoch: row.best_epoch,
      ...storedMetrics(metrics),
      seconds: row.seconds,
      usable: checkpoints.length > 0,
      diskBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      createdAt: row.created_at,
      evaluated: latestOf(known.evaluations.get(row.id) ?? []),
      ...label,
    }
  }

  const epochsOf = (id: number): EpochPoint[] =>
    connection
      .rows<{
        epoch: number
        label: string
        loss: string
        validation: string
        seconds: number
        rows_per_second: number
        ended_at: string | null
      }>('epoch', { run: id }, 'ORDER BY epoch')
      .map((row) =>
        epochPoint.parse({
          epoch: row.epoch,
          label: row.label,
          loss: parsed(row.loss),
          validation: parsed(row.validation),
          seconds: row.seconds,
          rowsPerSecond: row.rows_per_second,
          ...(row.ended_at !== null && { at: row.ended_at }),
        }),
      )

  const segmentsOf = (id: number): unknown => {
    const [stored] = connection.rows<{ of_test: string }>('segments', { run: id })
    return stored ? parsed(stored.of_test) : []
  }

  const detailOf = (id: number): RunDetail => {
    const row = rowOf(id)
    requireWhole(row, runTables)
    return runDetail.parse({
      ...summary(row, around([id])),
      fingerprint: row.fingerprint,
      members: parsed(row.members),
      splitSummary: parsed(splits.summary(id)),
      environment: parsed(row.environment),
      segments: segmentsOf(id),
      epochs: epochsOf(id),
      rowsPerSecond: row.rows_per_second,
      peakBytes: row.peak_bytes,
      estimatedBytes: row.estimated_bytes,
      parameters: row.parameters,
      checkpointBytes: checkpointOf(id)?.bytes ?? null,
      continued: continuedOf(row),
      repeats: parsed(row.repeats),
      imported: parsed(row.imported),
      stoppedEarly: row.stopped_early === 1,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      trackers: parsed(row.trackers) ?? [],
      evaluations: evaluationsOf(id),
      stateBytes: statesOf(id).reduce((sum, { bytes }) => sum + bytes, 0),
    })
  }

  const summariesOf = (runs: readonly number[]): Run[] => {
    const known = around([...runs])
    return runs.map((id) => runSchema.parse(summary(rowOf(id), known)))
  }
  const runOf = (id: number): Run => runSchema.parse(summary(rowOf(id), around([id])))

  /** Changes a run that must exist. */
  const change = (id: number, apply: () => void): void => {
    connection.write(() => {
      rowOf(id)
      apply()
    })
  }

  /** Ends a run that has not ended yet; the first end counts. */
  const end = (id: number, state: 'failed' | 'cancelled', error: string | null): void =>
    change(id, () => {
      connection
        .prepare(`UPDATE run SET state = ?, error = ?, ended_at = ? WHERE id = ? AND state IN ('queued', 'running')`)
        .run(state, error, now(), id)
    })

  const saveMetrics = (id: number, set: HeldOutSet, values: Metrics | TestMetrics): void => {
    for (const [name, value] of Object.entries(values)) {
      if (!value) continue
      const { mean, se, users } = value
      connection
        .prepare('INSERT OR REPLACE INTO metric (run, part, metric, mean, se, users) VALUES (?, ?, ?, ?, ?, ?)')
        .run(id, set, name, mean, se, users)
    }
  }

  return {
    create: (run) =>
      connection.write(() => {
        const inserted = connection
          .prepare(
            `INSERT INTO run (name, dataset, model, preset, config, seed, preparation, split, members, repeats, trackers, state, created_at, fingerprint)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, (SELECT fingerprint FROM dataset WHERE id = ?))`,
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
            jsonOrNull(run.repeats ?? null),
            jsonOrNull(run.trackers ?? null),
            now(),
            run.dataset,
          )
        return runOf(runId.parse(Number(inserted.lastInsertRowid)))
      }),
    list(dataset) {
      const rows = connection.rows<RunRow>('run', dataset === null ? {} : { dataset }, 'ORDER BY id DESC')
      const known = around(dataset === null ? null : rows.map(({ id }) => id))
      return rows.map((row) => runSchema.parse(summary(row, known)))
    },
    label: (runs, change) =>
      connection.write(() => {
        for (const run of runs) rowOf(run)
        labels.change(runs, change)
        return summariesOf(runs)
      }),
    removed: () => labels.removed() as ReadonlyMap<RunId, string>,
    setRemoved(runs, removed) {
      connection.write(() => {
        for (const run of runs) rowOf(run)
        labels.setRemoved(runs, removed)
      })
    },
    curve(id, points) {
      rowOf(id)
      return connection
        .prepare<[number, number, number], number>(
          `WITH numbered AS (
             SELECT epoch, json_extract(validation, '$."ndcg@100".mean') AS value,
               row_number() OVER (ORDER BY epoch) AS number, count(*) OVER () AS total
             FROM epoch WHERE run = ?)
           SELECT value FROM numbered WHERE (number - 1) % max(1, (total + ? - 1) / ?) = 0 OR number = total ORDER BY epoch`,
        )
        .pluck()
        .all(id, points, points)
    },
    summaries: summariesOf,
    get: detailOf,
    rename(id, name) {
      change(id, () => connection.prepare('UPDATE run SET name = ? WHERE id = ?').run(name, id))
      return runOf(id)
    },
    delete(id) {
      connection.remove(() => {
        rowOf(id)
        connection.prepare('DELETE FROM run WHERE id = ?').run(id)
      })
      connection.freeSpace()
    },
    started: (id, environment) =>
      change(id, () => {
        connection
          .prepare(
            `UPDATE run SET state = 'running', environment = ?, started_at = coalesce(started_at, ?), ended_at = NULL
             WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(JSON.stringify(environment), now(), id)
      }),
    saveTrackers: (id, trackers) =>
      change(id, () => {
        connection.prepare('UPDATE run SET trackers = ? WHERE id = ?').run(JSON.stringify(trackers), id)
      }),
    endedBeforeTrackers: () =>
      connection
        .prepare<[], number>(
          `SELECT id FROM run WHERE state IN ('finished', 'failed', 'cancelled') AND trackers IS NOT NULL
           AND EXISTS (SELECT 1 FROM json_each(run.trackers) WHERE NOT json_extract(value, '$.ended')) ORDER BY id`,
        )
        .pluck()
        .all()
        .map((id) => runId.parse(id)),
    saveEstimate: (id, bytes) =>
      change(id, () => {
        connection.prepare('UPDATE run SET estimated_bytes = ? WHERE id = ?').run(Math.round(bytes), id)
      }),
    saveMembers: (id, members) =>
      change(id, () => {
        connection.prepare('UPDATE run SET members = ? WHERE id = ?').run(JSON.stringify(members), id)
      }),
    saveSplit: (id, split, summary) => change(id, () => splits.save(id, split, summary)),
    split(id): StoredSplit | null {
      requireWhole(rowOf(id), ['split', 'held_out'])
      return splits.read(id)
    },
    addEpoch: (id, point) =>
      change(id, () => {
        connection
          .prepare(
            'INSERT OR REPLACE INTO epoch (run, epoch, label, loss, validation, seconds, rows_per_second, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(
            id,
            point.epoch,
            point.label,
            JSON.stringify(point.loss),
            JSON.stringify(point.validation),
            point.seconds,
            point.rowsPerSecond,
            point.at ?? null,
          )
      }),
    saveCheckpoint: (id, checkpoint) => change(id, () => saveCheckpointRow(id, checkpoint)),
    saveState: (id, { path, sha256, bytes, position, seconds, best }) =>
      change(id, () => {
        connection
          .prepare(
            `INSERT INTO run_state (run, path, sha256, bytes, position, seconds, best, saved_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(id, path, sha256, bytes, JSON.stringify(position), seconds, jsonOrNull(best), new Date().toISOString())
        connection.prepare('DELETE FROM pending_file WHERE path = ?').run(path)
        connection
          .prepare(
            `DELETE FROM run_state WHERE run = ?
             AND id NOT IN (SELECT id FROM run_state WHERE run = ? ORDER BY id DESC LIMIT ${keptStates})`,
          )
          .run(id, id)
      }),
    states(id) {
      rowOf(id)
      return statesOf(id)
    },
    requeue: (id) =>
      change(id, () => {
        connection
          .prepare(`UPDATE run SET state = 'queued', error = NULL WHERE id = ? AND state IN ('failed', 'cancelled')`)
          .run(id)
      }),
    saveEvaluation: (id, { chosen, ...result }) =>
      change(id, () => {
        connection
          .prepare('INSERT INTO evaluation (run, chosen, result, made_at) VALUES (?, ?, ?, ?)')
          .run(id, chosen ? 1 : 0, JSON.stringify(result), new Date().toISOString())
      }),
    saveContinued: (id, epochs, also) =>
      change(id, () => {
        const continued = [...continuedOf(rowOf(id)), { at: new Date().toISOString(), epochs, ...also }]
        connection.prepare('UPDATE run SET continued = ? WHERE id = ?').run(JSON.stringify(continued), id)
      }),
    saveRepetition: (id, repetition) =>
      change(id, () => {
        connection.prepare('UPDATE run SET repeats = ? WHERE id = ?').run(JSON.stringify(repetition), id)
      }),
    saveImported: (id, from, { createdAt, startedAt, endedAt, continued, evaluations }) =>
      change(id, () => {
        connection
          .prepare(
            'UPDATE run SET imported = ?, created_at = ?, started_at = ?, ended_at = ?, continued = ? WHERE id = ?',
          )
          .run(JSON.stringify(from), createdAt, startedAt, endedAt, JSON.stringify(continued), id)
        for (const { at, chosen, ...result } of evaluations.toReversed())
          connection
            .prepare('INSERT INTO evaluation (run, chosen, result, made_at) VALUES (?, ?, ?, ?)')
            .run(id, chosen ? 1 : 0, JSON.stringify(result), at)
      }),
    withWeights(sha256, createdAt) {
      const found = connection
        .prepare<[string, string], number>(
          `SELECT run.id FROM run JOIN checkpoint ON checkpoint.run = run.id
           JOIN dataset ON dataset.id = run.dataset AND dataset.deleted = 0
           WHERE checkpoint.sha256 = ? AND run.created_at = ?`,
        )
        .pluck()
        .get(sha256, createdAt)
      return found === undefined ? null : runId.parse(found)
    },
    goOn: (id, state, epochs) =>
      change(id, () => {
        connection.prepare('DELETE FROM epoch WHERE run = ? AND epoch > ?').run(id, epochs)
        if (state?.best) saveCheckpointRow(id, state.best)
        else if (epochs === 0) {
          connection.prepare('DELETE FROM checkpoint WHERE run = ?').run(id)
          connection.prepare('UPDATE run SET best_epoch = NULL WHERE id = ?').run(id)
        }
      }),
    checkpoint(id) {
      requireWhole(rowOf(id), ['checkpoint'])
      return checkpointOf(id)
    },
    saveUserMetric: (id, set, metric, values) =>
      change(id, () => {
        connection
          .prepare('INSERT OR REPLACE INTO user_metric (run, part, metric, per_user) VALUES (?, ?, ?, ?)')
          .run(id, set, metric, toBlob(values))
      }),
    userMetric(id, set, metric) {
      requireWhole(rowOf(id), ['user_metric'])
      const [row] = connection.rows<{ per_user: Buffer }>('user_metric', { run: id, part: set, metric })
      if (row) return float32FromBlob(row.per_user)
      requireNoRow(connection, 'user_metric', id, { part: set, metric })
      return null
    },
    finish: (id, outcome) =>
      change(id, () => {
        const changed = connection
          .prepare(
            `UPDATE run SET state = 'finished', best_epoch = ?, seconds = ?, rows_per_second = ?, peak_bytes = ?, parameters = ?,
               stopped_early = ?, ended_at = ?
             WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(
            outcome.bestEpoch,
            outcome.seconds,
            outcome.rowsPerSecond,
            outcome.peakBytes,
            outcome.parameters,
            outcome.stoppedEarly ? 1 : 0,
            now(),
            id,
          ).changes
        if (changed === 0) return
        // Only an unfinished run goes on from a state, unless it is to be trained further.
        connection
          .prepare(
            `DELETE FROM run_state WHERE run = ?
             AND id NOT IN (SELECT id FROM run_state WHERE run = ? ORDER BY id DESC LIMIT ?)`,
          )
          .run(id, id, outcome.keepsState ? 1 : 0)
        saveMetrics(id, 'validation', outcome.validation)
        saveMetrics(id, 'test', outcome.test)
        connection
          .prepare('INSERT INTO segments (run, of_test) VALUES (?, ?)')
          .run(id, JSON.stringify(outcome.segments))
        const stored = Object.fromEntries(runTables.map((table) => [table, rowsIn(table, id)]))
        connection.prepare('UPDATE run SET stored_rows = ? WHERE id = ?').run(JSON.stringify(stored), id)
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
