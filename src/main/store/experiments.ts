import { type ErrorShape, errorShape } from '../../shared/errors'
import { recipe as recipeSchema } from '../../shared/experiments'
import { datasetId, experimentId, runId } from '../../shared/ids'
import type { Connection } from './connection'
import { jsonOrNull, parsed } from './json'
import { unknownId } from './naming'
import { isAlive, mayBeAlive, nobody, ownIdIn } from './process-lock'
import type { ExperimentRepository, StoredExperiment, StoredTrial } from './store'

interface ExperimentRow {
  id: number
  name: string
  recipe: string
  owner: string | null
  owner_pid: number | null
  created_at: string
  planned: number
}

interface TrialRow {
  position: number
  dataset: number
  run: number | null
  reused: number
  error: string | null
}

const trialOf = (row: TrialRow): StoredTrial => ({
  position: row.position,
  dataset: datasetId.parse(row.dataset),
  run: row.run === null ? null : runId.parse(row.run),
  reused: row.reused === 1,
  error: row.error === null ? null : errorShape.parse(parsed(row.error)),
})

export function experimentRepository(connection: Connection): ExperimentRepository {
  const rowOf = (id: number): ExperimentRow => {
    const [row] = connection.rows<ExperimentRow>('experiment', { id })
    if (row) return row
    const ids = connection.prepare<[], number>('SELECT id FROM experiment ORDER BY id').pluck().all()
    throw unknownId('experiment', id, ids)
  }

  /** Whether a living process is running it. */
  const isOwned = ({ owner, owner_pid: pid }: ExperimentRow): boolean =>
    owner === null ? pid !== null && mayBeAlive(pid) : isAlive(connection.library, owner)

  const experimentOf = (row: ExperimentRow): StoredExperiment => ({
    id: experimentId.parse(row.id),
    name: row.name,
    recipe: recipeSchema.parse(parsed(row.recipe)),
    owned: isOwned(row),
    left: row.owner !== null && !isOwned(row),
    createdAt: row.created_at,
    trials: trialsOf(row).map(trialOf),
  })

  const trialsOf = ({ id, name, planned }: ExperimentRow): TrialRow[] => {
    const trials = connection.rows<TrialRow>('experiment_run', { experiment: id }, 'ORDER BY position')
    if (trials.length === planned) return trials
    throw connection.damaged(`the experiment “${name}” has ${trials.length} instead of ${planned} planned runs`)
  }

  /** Changes an experiment that must exist. */
  const change = (id: number, apply: () => void): void => {
    connection.write(() => {
      rowOf(id)
      apply()
    })
  }

  const fill = (id: number, position: number, run: number | null, reused: boolean, error: ErrorShape | null): void =>
    change(id, () => {
      connection
        .prepare('UPDATE experiment_run SET run = ?, reused = ?, error = ? WHERE experiment = ? AND position = ?')
        .run(run, Number(reused), jsonOrNull(error), id, position)
    })

  return {
    create: ({ name, recipe, datasets }) =>
      connection.write(() => {
        const { lastInsertRowid } = connection
          .prepare('INSERT INTO experiment (name, recipe, created_at, planned) VALUES (?, ?, ?, ?)')
          .run(name, JSON.stringify(recipe), new Date().toISOString(), datasets.length)
        const insert = connection.prepare('INSERT INTO experiment_run (experiment, position, dataset) VALUES (?, ?, ?)')
        datasets.forEach((dataset, position) => insert.run(lastInsertRowid, position, dataset))
        return experimentOf(rowOf(Number(lastInsertRowid)))
      }),
    list: () => connection.rows<ExperimentRow>('experiment', {}, 'ORDER BY id DESC').map(experimentOf),
    get: (id) => experimentOf(rowOf(id)),
    rename(id, name) {
      change(id, () => connection.prepare('UPDATE experiment SET name = ? WHERE id = ?').run(name, id))
    },
    delete(id) {
      connection.remove(() => {
        rowOf(id)
        connection.prepare('DELETE FROM experiment WHERE id = ?').run(id)
      })
    },
    acquire: (id) =>
      connection.write(() => {
        if (isOwned(rowOf(id))) return false
        connection
          .prepare('UPDATE experiment SET owner = ?, owner_pid = ? WHERE id = ?')
          .run(ownIdIn(connection.library), process.pid, id)
        return true
      }),
    release: (id) => {
      // It may have been deleted meanwhile, with its data set.
      connection.write(() =>
        connection
          .prepare('UPDATE experiment SET owner = NULL, owner_pid = NULL WHERE id = ? AND owner = ?')
          .run(id, ownIdIn(connection.library)),
      )
    },
    leave: (id) => {
      connection.write(() =>
        connection
          .prepare('UPDATE experiment SET owner = ?, owner_pid = NULL WHERE id = ? AND owner = ?')
          .run(nobody, id, ownIdIn(connection.library)),
      )
    },
    fill: (id, position, run, { reused }) => fill(id, position, run, reused, null),
    refuse: (id, position, error) => fill(id, position, null, false, error),
  }
}
