import type { ErrorShape } from '../../shared/errors'
import type { Recipe } from '../../shared/experiments'
import type { DatasetId, ExperimentId, RunId } from '../../shared/ids'

/** A planned run of an experiment, in the order of the recipe's expansion. */
export interface StoredPlace {
  readonly position: number
  readonly dataset: DatasetId
  /** The run that fills it; null before it is begun, and after that run was deleted. */
  readonly run: RunId | null
  /** Whether that run was there before the experiment. */
  readonly reused: boolean
  /** Why no run could be started. */
  readonly error: ErrorShape | null
}

export interface StoredExperiment {
  readonly id: ExperimentId
  readonly name: string
  readonly recipe: Recipe
  /** Whether a living process trains its runs now. */
  readonly owned: boolean
  readonly createdAt: string
  /** Fewer than planned where a data set was deleted. */
  readonly places: readonly StoredPlace[]
}

export interface ExperimentRepository {
  /** @param datasets the data set of each planned run, by position */
  create(experiment: { name: string; recipe: Recipe; datasets: readonly DatasetId[] }): StoredExperiment
  /** Newest first. */
  list(): StoredExperiment[]
  /** Throws NOT_FOUND, naming what exists. */
  get(id: ExperimentId): StoredExperiment
  rename(id: ExperimentId, name: string): void
  delete(id: ExperimentId): void
  /** Marks it as worked on by this process; false where a living process does so already. */
  takeOn(id: ExperimentId): boolean
  letGo(id: ExperimentId): void
  /** Names the run of a planned run. */
  fill(id: ExperimentId, position: number, run: RunId, how: { reused: boolean }): void
  /** Says why no run of a planned run could be started. */
  refuse(id: ExperimentId, position: number, error: ErrorShape): void
}
