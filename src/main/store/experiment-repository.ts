import type { ErrorShape } from '../../shared/errors'
import type { Recipe } from '../../shared/experiments'
import type { DatasetId, ExperimentId, RunId } from '../../shared/ids'

/** A trial of an experiment, in the order of the recipe's expansion. */
export interface StoredTrial {
  readonly position: number
  readonly dataset: DatasetId
  /** Its run; null before it starts, and after the run is deleted. */
  readonly run: RunId | null
  /** Whether that run existed before the experiment. */
  readonly reused: boolean
  /** Why no run could be started. */
  readonly error: ErrorShape | null
}

export interface StoredExperiment {
  readonly id: ExperimentId
  readonly name: string
  readonly recipe: Recipe
  /** Whether a living process is training its runs. */
  readonly owned: boolean
  /** Whether the process that ran it has ended before it was done. */
  readonly left: boolean
  readonly createdAt: string
  /** Fewer than planned if a data set was deleted. */
  readonly trials: readonly StoredTrial[]
}

export interface ExperimentRepository {
  /** @param datasets the data set of each planned run, by position */
  create(experiment: { name: string; recipe: Recipe; datasets: readonly DatasetId[] }): StoredExperiment
  /** Newest first. */
  list(): StoredExperiment[]
  /** Throws NOT_FOUND with those that exist. */
  get(id: ExperimentId): StoredExperiment
  rename(id: ExperimentId, name: string): void
  delete(id: ExperimentId): void
  /** Marks it as run by this process; returns false if a living process already runs it. */
  acquire(id: ExperimentId): boolean
  release(id: ExperimentId): void
  /** Leaves one that this process runs to whichever takes it over. */
  leave(id: ExperimentId): void
  /** Sets the run of a trial. */
  fill(id: ExperimentId, position: number, run: RunId, how: { reused: boolean }): void
  /** Records why no run of a trial could be started. */
  refuse(id: ExperimentId, position: number, error: ErrorShape): void
}
