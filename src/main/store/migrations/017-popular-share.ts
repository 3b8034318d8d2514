import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { intactRow } from '../row-checksum'
import type { Migration } from './migration'

type Json = Record<string, unknown>
const object = z.record(z.string(), z.unknown())
const objectOf = (text: string): Json => object.parse(JSON.parse(text))

/** A config, and the share of the items that it uses. */
function taken({ itemShare, ...config }: Json, otherwise = 1): { config: Json; share: number } {
  // The command line stored it as text.
  return { config, share: itemShare === undefined ? otherwise : Number(itemShare) }
}

/** A preparation with the share; a number of items was chosen before it. */
const keeping = (preparation: Json, share: number): Json =>
  share < 1 ? { ...preparation, mostPopular: { share, of: preparation['mostPopular'] ?? null } } : preparation

interface Run {
  readonly id: number
  readonly config: string
  readonly preparation: string
  readonly members: string | null
}

/** A combination has the share of the runs that it combines. */
function shareOfRun({ config, members }: Pick<Run, 'config' | 'members'>): number {
  const [first] = members === null ? [] : z.array(object).parse(JSON.parse(members))
  return taken(first ? object.parse(first['config']) : objectOf(config)).share
}

function moveRuns(database: Database): void {
  const update = database.prepare('UPDATE run SET config = ?, preparation = ?, members = ? WHERE id = ?')
  const runs = database
    .prepare<[], Run>(
      `SELECT id, config, preparation, members FROM run
       WHERE (config LIKE '%"itemShare"%' OR members LIKE '%"itemShare"%') AND ${intactRow(database, 'run')}`,
    )
    .all()
  for (const run of runs) {
    const members =
      run.members &&
      JSON.stringify(
        z
          .array(object)
          .parse(JSON.parse(run.members))
          .map((member) => ({ ...member, config: taken(object.parse(member['config'])).config })),
      )
    const preparation = keeping(objectOf(run.preparation), shareOfRun(run))
    const { config } = taken(objectOf(run.config))
    update.run(JSON.stringify(config), JSON.stringify(preparation), members, run.id)
  }
}

/** The only preset with a share, the most popular third, as in the code of the paper's authors. */
const shareOfPreset: Readonly<Record<string, number>> = { 'reference-code': 0.33 }

const storedRecipe = z.looseObject({
  datasets: z.array(z.number()),
  preparations: z.array(object),
  splits: z.array(object),
  systems: z.array(
    z.looseObject({ preset: z.string().nullable(), overrides: object, members: z.array(z.string()).nullable() }),
  ),
})

interface Experiment {
  readonly id: number
  readonly name: string
  readonly recipe: string
  readonly planned: number
}

interface TrialRow {
  readonly position: number
  readonly dataset: number
  readonly run: number | null
  readonly reused: number
  readonly error: string | null
}

/**
 * An experiment whose systems used different shares measured them on different items, in one table. It gets every preparation once with each share:
 * trained runs move to their share, and the other planned runs are open.
 */
function moveExperiment(database: Database, { id, name, recipe: text, planned }: Experiment): void {
  const recipe = storedRecipe.parse(JSON.parse(text))
  const systems = recipe.systems.map((system) => ({
    ...system,
    ...taken(system.overrides, shareOfPreset[system.preset ?? '']),
  }))
  const shares = [...new Set(systems.filter(({ members }) => members === null).map(({ share }) => share))]
  if (shares.every((share) => share === 1) && !text.includes('"itemShare"')) return
  const preparations = recipe.preparations.flatMap((preparation) => shares.map((share) => keeping(preparation, share)))
  const moved = {
    ...recipe,
    preparations,
    systems: systems.map(({ config, share: _, ...system }) => ({ ...system, overrides: config })),
  }
  if (shares.length > 1) spread(database, { id, name, planned, recipe, shares })
  database.prepare('UPDATE experiment SET recipe = ? WHERE id = ?').run(JSON.stringify(moved), id)
}

interface Spread extends Pick<Experiment, 'id' | 'name' | 'planned'> {
  readonly recipe: z.output<typeof storedRecipe>
  readonly shares: readonly number[]
}

/** Positions are ordered by data set, preparation, split, and the runs of one setting. Those of deleted data sets are missing. */
function spread(database: Database, { id, name, planned, recipe, shares }: Spread): void {
  const trials = database
    .prepare<[number], TrialRow>(
      `SELECT position, dataset, run, reused, error FROM experiment_run
       WHERE experiment = ? AND ${intactRow(database, 'experiment_run')} ORDER BY position`,
    )
    .all(id)
  const [preparations, splits] = [recipe.preparations.length, recipe.splits.length]
  const runs = planned / (new Set(trials.map(({ dataset }) => dataset)).size * preparations * splits)
  if (trials.length !== planned || !Number.isInteger(runs))
    throw new Error(`the experiment “${name}” has ${trials.length} instead of ${planned} planned runs`)
  const runOf = database.prepare<[number | null], Pick<Run, 'config' | 'members'>>(
    'SELECT config, members FROM run WHERE id = ?',
  )
  // Before any is deleted, because an experiment without planned runs is deleted.
  database.prepare('UPDATE experiment SET planned = ? WHERE id = ?').run(planned * (shares.length + 1), id)
  database.prepare('DELETE FROM experiment_run WHERE experiment = ?').run(id)
  const insert = database.prepare(
    'INSERT INTO experiment_run (experiment, position, dataset, run, reused, error) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (const { position, dataset, run, reused, error } of trials) {
    const within = position % runs
    const split = Math.floor(position / runs) % splits
    const preparation = Math.floor(position / (runs * splits))
    const trained = runOf.get(run)
    const share = trained && shareOfRun(trained)
    for (const [at, own] of shares.entries()) {
      const place = ((preparation * shares.length + at) * splits + split) * runs + within
      if (share === undefined || share === own) insert.run(id, place, dataset, run, reused, error)
      else insert.run(id, place, dataset, null, 0, null)
    }
  }
}

/** The share of the items that a model knows is a setting of its data, not of the model. */
export const popularShare: Migration = {
  version: 17,
  name: 'move the share of items from models to preparations',
  sql: '',
  then(database) {
    const experiments = database
      .prepare<[], Experiment>(
        `SELECT id, name, recipe, planned FROM experiment
         WHERE (recipe LIKE '%"itemShare"%' OR recipe LIKE '%"reference-code"%') AND ${intactRow(database, 'experiment')}`,
      )
      .all()
    // Planned runs get their share from their runs, so runs come last.
    for (const experiment of experiments) moveExperiment(database, experiment)
    moveRuns(database)
  },
}
