import { heldOutSet, userMetricNames, type HeldOutSet, type UserMetricName } from '../../shared/metrics'
import type { RunId } from '../../shared/ids'
import type { Csr } from '../numeric/csr'
import type { Store, StoredHeldOut, StoredSplit } from '../store/store'
import type { Arrays } from './tensor-arrays'

/** A split as named arrays. */
export function arraysOfSplit({ catalogue, trainUsers, trainCounts, ...split }: StoredSplit): Arrays {
  const arrays = new Map<string, Int32Array>([
    ['catalogue', catalogue],
    ['train_users', trainUsers],
    ['validation_users', split.validationUsers],
    ['test_users', split.testUsers],
  ])
  if (trainCounts) arrays.set('train_counts', trainCounts)
  for (const set of heldOutSet.options)
    for (const [what, matrix] of Object.entries(matricesOf(split[set]))) {
      arrays.set(`${set}.${what}.offsets`, matrix.offsets)
      arrays.set(`${set}.${what}.items`, matrix.indices)
    }
  return arrays
}

const matricesOf = (heldOut: StoredHeldOut | null): Record<string, Csr> =>
  heldOut ? { fold_in: heldOut.foldIn, targets: heldOut.targets } : {}

/** The split of such arrays. Throws an Error if they are not one of a data set with so many users and items. */
export function splitOfArrays(
  arrays: Arrays,
  dataset: { readonly users: number; readonly items: number },
): StoredSplit {
  const numbers = (name: string, below: number): Int32Array => {
    const values = arrays.get(name)
    if (!(values instanceof Int32Array)) throw new Error(`it has no ${name}`)
    for (const value of values) if (value < 0 || value >= below) throw new Error(`${name} has the number ${value}`)
    return values
  }
  const catalogue = numbers('catalogue', dataset.items)
  const columns = catalogue.length
  const matrix = (name: string, rows: number): Csr => {
    const offsets = numbers(`${name}.offsets`, 2 ** 31)
    const indices = numbers(`${name}.items`, columns)
    const ascending = offsets.every((offset, row) => row === 0 || offset >= (offsets[row - 1] ?? 0))
    if (offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== indices.length || !ascending)
      throw new Error(`the rows of ${name} are inconsistent`)
    return { rows, columns, offsets, indices }
  }
  const heldOut = (set: HeldOutSet, users: Int32Array): StoredHeldOut | null =>
    arrays.has(`${set}.fold_in.offsets`)
      ? { foldIn: matrix(`${set}.fold_in`, users.length), targets: matrix(`${set}.targets`, users.length) }
      : null
  const validationUsers = numbers('validation_users', dataset.users)
  const testUsers = numbers('test_users', dataset.users)
  const trainCounts = arrays.has('train_counts') ? numbers('train_counts', 2 ** 31) : null
  if (trainCounts && trainCounts.length !== columns) throw new Error('train_counts is not one number per item')
  return {
    catalogue,
    trainUsers: numbers('train_users', dataset.users),
    validationUsers,
    testUsers,
    trainCounts,
    validation: heldOut('validation', validationUsers),
    test: heldOut('test', testUsers),
  }
}

/** The per-user values of a run as named arrays, such as `test/recall@20`. */
export function arraysOfUsers({ runs }: Store, run: RunId): Arrays {
  const arrays = new Map<string, Float32Array>()
  for (const set of heldOutSet.options)
    for (const name of userMetricNames) {
      const values = runs.userMetric(run, set, name)
      if (values) arrays.set(`${set}/${name}`, values)
    }
  return arrays
}

/** The same, read back; metrics of other names are those of another version and are passed over. */
export function* usersOfArrays(arrays: Arrays): Generator<[HeldOutSet, UserMetricName, Float32Array]> {
  for (const set of heldOutSet.options)
    for (const name of userMetricNames) {
      const values = arrays.get(`${set}/${name}`)
      if (values instanceof Float32Array) yield [set, name, values]
    }
}
