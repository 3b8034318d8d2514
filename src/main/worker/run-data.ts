import type { DatasetId } from '../../shared/ids'
import type { Preparation, RunDetail, SplitSettings } from '../../shared/runs'
import { catalogueItems } from '../datasets/histories'
import { prepareData } from '../datasets/prepare'
import type { HeldOut, PreparedData } from '../datasets/prepared'
import { prepareByFile } from '../datasets/split-by-file'
import { readSplitFile } from '../datasets/split-file'
import type { CatalogueFacts } from '../evaluation/metrics/reported'
import { columnCounts } from '../numeric/csr'
import type { Store, StoredSplit } from '../store/store'

/**
 * A data set, prepared and split by the settings or a split file. Throws BAD_INPUT if that is not possible, NOT_FOUND if the library does not have
 * the file.
 */
export function preparedBy(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
): PreparedData {
  if (split.method !== 'file' || !split.file) return prepareData(store, dataset, preparation, split)
  const { name } = split.file
  const file = readSplitFile(store.splitFiles.text(split.file), name)
  return prepareByFile(store, dataset, preparation, split, file, name)
}

/** A run's data by its stored settings. */
export const preparedRun = (store: Store, run: RunDetail): PreparedData =>
  preparedBy(store, run.dataset, run.preparation, run.split)

/** The stored data of a split, from which the run can be evaluated again on identical users and items. */
export const storedSplit = (data: PreparedData): StoredSplit => ({
  catalogue: data.catalogue,
  trainUsers: data.trainUsers,
  validationUsers: data.validation.users,
  testUsers: data.test.users,
  trainCounts: Int32Array.from(columnCounts(data.train)),
  validation: { foldIn: data.validation.foldIn, targets: data.validation.targets },
  test: { foldIn: data.test.foldIn, targets: data.test.targets },
})

/** A run's test users, and the item properties for novelty, diversity and the popularity segments. */
export interface TestData {
  readonly heldOut: HeldOut
  readonly facts: CatalogueFacts
}

/** The test users as they were measured: stored with the run, or split again for runs of version 0.1, which can be reproduced from their settings. */
export function testDataOf(store: Store, run: RunDetail, split: StoredSplit): TestData {
  const { test, trainCounts, testUsers } = split
  const genres = catalogueItems(store, run.dataset, split.catalogue).items.map((item) => item.genres)
  const trainUsers = split.trainUsers.length
  if (test && trainCounts) return { heldOut: { users: testUsers, ...test }, facts: { trainUsers, trainCounts, genres } }
  const data = preparedRun(store, run)
  return { heldOut: data.test, facts: { trainUsers, trainCounts: columnCounts(data.train), genres } }
}
