import type { DatasetId } from '../../shared/ids'
import type { Preparation, SplitSettings } from '../../shared/runs'
import { rowOf } from '../numeric/csr'
import type { Store, StoredHistory } from '../store/store'
import { inCatalogue, modelIndexes, positives } from './preparation'
import { assembled, type HeldOut, type PreparedData } from './prepared'
import { refuseAny, type SplitFile } from './split-file'

/**
 * Splits a data set exactly as in a split file, with its catalogue and users in its order. The threshold still decides the positives of training
 * users; the other filters are ignored.
 * @throws BAD_INPUT with counts and examples if the file has users, items or interactions that are not in the data set.
 */
export function prepareByFile(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  split: SplitSettings,
  file: SplitFile,
  name: string,
): PreparedData {
  const all = store.datasets.get(dataset)
  const items = new Map(store.datasets.items(dataset).map(({ externalId, index }) => [externalId, index]))
  const missing = `that “${all.name}” does not have`
  refuseAny(
    name,
    'item',
    file.catalogue.filter((item) => !items.has(item)),
    missing,
  )
  const histories = historiesOf(store, dataset, file)
  const users = [...file.train.map((entry) => (typeof entry === 'string' ? entry : entry.user)), ...heldOutNames(file)]
  refuseAny(
    name,
    'user',
    users.filter((user) => !histories.has(user)),
    missing,
  )

  const catalogue = Int32Array.from(file.catalogue, (item) => items.get(item) ?? 0)
  const indexes = modelIndexes(catalogue, all.items)
  const modelItems = (names: readonly string[]): Int32Array =>
    Int32Array.from(names, (item) => indexes[items.get(item) ?? -1] ?? -1)
  const strangers: string[] = []
  /** The history of a user who has all of these items. */
  const historyWith = (user: string, named: Int32Array): StoredHistory | null => {
    const history = histories.get(user) ?? null
    const has = new Set(history && inCatalogue(history.items, indexes))
    if (named.some((item) => !has.has(item))) strangers.push(user)
    return history
  }
  const train = file.train.map((entry) => {
    if (typeof entry === 'string') {
      const history = histories.get(entry)
      return {
        user: history?.user ?? 0,
        items: history ? inCatalogue(positives(history, preparation), indexes) : new Int32Array(),
      }
    }
    const named = modelItems(entry.items)
    return { user: historyWith(entry.user, named)?.user ?? 0, items: named }
  })
  const measured = (users: SplitFile['test']): { user: number; foldIn: Int32Array; targets: Int32Array }[] =>
    users.map(({ user, ...cut }) => {
      const [foldIn, targets] = [modelItems(cut.foldIn), modelItems(cut.targets)]
      return { user: historyWith(user, Int32Array.of(...foldIn, ...targets))?.user ?? 0, foldIn, targets }
    })
  const [validation, test] = [measured(file.validation), measured(file.test)]
  refuseAny(name, 'user', strangers, `with items that they do not have in “${all.name}”`)
  return assembled({ catalogue, train, validation, test, users: all.users, validationFrom: null, filters: [] }, split)
}

const heldOutNames = ({ validation, test }: SplitFile): string[] => [...validation, ...test].map(({ user }) => user)

/** The stored histories of the file's users, by external id. */
function historiesOf(store: Store, dataset: DatasetId, file: SplitFile): Map<string, StoredHistory> {
  const named = new Set([
    ...file.train.map((entry) => (typeof entry === 'string' ? entry : entry.user)),
    ...heldOutNames(file),
  ])
  const histories = new Map<string, StoredHistory>()
  for (const history of store.datasets.histories(dataset))
    if (named.has(history.externalId)) histories.set(history.externalId, history)
  return histories
}

/** A prepared data set as a split file; `prepareByFile` restores the same rows from it. */
export function splitFileOf(
  store: Store,
  dataset: DatasetId,
  preparation: Preparation,
  { catalogue, trainUsers, train, validation, test }: PreparedData,
): SplitFile {
  const all = store.datasets.items(dataset)
  const items = Array.from(catalogue, (item) => all[item]?.externalId ?? '')
  const indexes = modelIndexes(catalogue, all.length)
  const names = (of: Int32Array): string[] => Array.from(of, (item) => items[item] ?? '')
  const rowOfUser = new Map(Array.from(trainUsers, (user, row) => [user, row]))
  const userNames: string[] = []
  const whole = new Set<number>()
  for (const history of store.datasets.histories(dataset)) {
    userNames[history.user] = history.externalId
    const row = rowOfUser.get(history.user)
    if (row === undefined) continue
    const liked = inCatalogue(positives(history, preparation), indexes)
    const trained = rowOf(train, row)
    if (liked.length === trained.length && liked.every((item, at) => item === trained[at])) whole.add(row)
  }
  const nameOf = (user: number): string => userNames[user] ?? ''
  const heldOutUsers = ({ users, foldIn, targets }: HeldOut): SplitFile['test'] =>
    Array.from(users, (user, row) => ({
      user: nameOf(user),
      foldIn: names(rowOf(foldIn, row)),
      targets: names(rowOf(targets, row)),
    }))
  const measured = new Set([...validation.users, ...test.users])
  return {
    catalogue: items,
    train: Array.from(trainUsers, (user, row) =>
      whole.has(row) && !measured.has(user) ? nameOf(user) : { user: nameOf(user), items: names(rowOf(train, row)) },
    ),
    validation: heldOutUsers(validation),
    test: heldOutUsers(test),
  }
}
