import type { DatasetId } from '../../shared/ids'
import type { LeakCheck } from '../../shared/preparations'
import type { SplitMethod } from '../../shared/runs'
import { rowOf } from '../numeric/csr'
import type { Store } from '../store/store'
import { modelIndexes } from './preparation'
import type { HeldOut, PreparedData } from './prepared'

/** Looks for what must not be in a divided data set: measured users or their targets in training, targets among what is shown, the future in either. */
export function leakChecks(store: Store, dataset: DatasetId, method: SplitMethod, data: PreparedData): LeakCheck[] {
  const rowOfUser = new Map(Array.from(data.trainUsers, (user, row) => [user, row]))
  const parts = [data.validation, data.test]
  const measured = parts.flatMap((part) => [...part.users])
  const overlap = (part: HeldOut, other: (user: number, row: number) => Int32Array): number => {
    let found = 0
    part.users.forEach((user, row) => {
      const targets = new Set(rowOf(part.targets, row))
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
      claim: 'No target is trained on',
      checked: measured.length,
      violations: sum(parts.map((part) => overlap(part, trained))),
    },
    {
      claim: 'No target is shown',
      checked: measured.length,
      violations: sum(parts.map((part) => overlap(part, (_, row) => rowOf(part.foldIn, row)))),
    },
  ]
  if (method === 'users')
    checks.unshift({
      claim: 'No measured user is trained on',
      checked: measured.length,
      violations: measured.filter((user) => rowOfUser.has(user)).length,
    })
  if (method === 'date' || method === 'leave-last-out')
    checks.push({
      claim: 'Nothing trained on or shown is later than a test target',
      checked: data.test.users.length,
      violations: laterThanTargets(store, dataset, data, trained),
    })
  return checks
}

/** Test users of whom the model is shown, or trained on, something later than a target. */
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
