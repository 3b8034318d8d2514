import type { DatasetId } from '../../shared/ids'
import type { LeakCheck } from '../../shared/preparations'
import type { SplitMethod } from '../../shared/runs'
import { rowOf } from '../numeric/csr'
import type { Store } from '../store/store'
import { modelIndexes } from './preparation'
import type { HeldOut, PreparedData } from './prepared'

/** Checks a split for leaks: measured users or their targets in training, targets among the fold-in items, or later interactions in either. */
export function leakChecks(store: Store, dataset: DatasetId, method: SplitMethod, data: PreparedData): LeakCheck[] {
  const rowOfUser = new Map(Array.from(data.trainUsers, (user, row) => [user, row]))
  const sets = [data.validation, data.test]
  const measured = sets.flatMap((set) => [...set.users])
  const overlap = (set: HeldOut, other: (user: number, row: number) => Int32Array): number => {
    let found = 0
    set.users.forEach((user, row) => {
      const targets = new Set(rowOf(set.targets, row))
      if (other(user, row).some((item) => targets.has(item))) found++
    })
    return found
  }
  const trained = (user: number): Int32Array => {
    const row = rowOfUser.get(user)
    return row === undefined ? new Int32Array() : rowOf(data.train, row)
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const checks: LeakCheck[] = [
    {
      claim: 'No target is in the training data',
      checked: measured.length,
      violations: sum(sets.map((set) => overlap(set, trained))),
    },
    {
      claim: 'No target is in the fold-in',
      checked: measured.length,
      violations: sum(sets.map((set) => overlap(set, (_, row) => rowOf(set.foldIn, row)))),
    },
  ]
  if (method === 'users')
    checks.unshift({
      claim: 'No measured user is in the training data',
      checked: measured.length,
      violations: measured.filter((user) => rowOfUser.has(user)).length,
    })
  if (method === 'date' || method === 'leave-last-out')
    checks.push({
      claim: 'No training or fold-in interaction is later than a test target',
      checked: data.test.users.length,
      violations: laterThanTargets(store, dataset, data, trained),
    })
  return checks
}

/** Test users with a fold-in or training interaction that is later than a target. */
function laterThanTargets(
  store: Store,
  dataset: DatasetId,
  { catalogue, test }: PreparedData,
  trained: (user: number) => Int32Array,
): number {
  const indexes = modelIndexes(catalogue, store.datasets.get(dataset).items)
  const rows = new Map(Array.from(test.users, (user, row) => [user, row]))
  let found = 0
  for (const { user, items, times } of store.datasets.histories(dataset)) {
    const row = rows.get(user)
    if (row === undefined || !times) continue
    const timeOf = new Map(Array.from(items, (item, at) => [indexes[item] ?? -1, times[at] ?? 0]))
    const moments = (of: Int32Array): number[] => Array.from(of, (item) => timeOf.get(item) ?? 0)
    const first = Math.min(...moments(rowOf(test.targets, row)))
    if ([...moments(rowOf(test.foldIn, row)), ...moments(trained(user))].some((moment) => moment > first)) found++
  }
  return found
}
