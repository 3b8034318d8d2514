import type { RunId } from '../../shared/ids'
import type { TargetMetricName } from '../../shared/metrics'
import type { Store } from '../store/store'

/** The test users whom two runs both measured: their indexes in the data set, and their rows in the values of either run. */
interface Pairing {
  readonly users: Int32Array
  readonly rows: Int32Array
  readonly otherRows: Int32Array
}

/** A metric of two runs for the same users, in the same order. */
export interface PairedValues {
  readonly users: Int32Array
  readonly values: Float64Array
  readonly others: Float64Array
}

/**
 * Reads a test metric of two runs for the users whom both measured; without any, the arrays are empty. Users of each run, pairs and values are read
 * once, so that a comparison of many runs by many metrics stays quick.
 */
export function pairedUsers(store: Store): (run: RunId, other: RunId, metric: TargetMetricName) => PairedValues {
  const usersOf = once((run: RunId) => store.runs.split(run)?.testUsers ?? new Int32Array())
  const valuesOf = once((run: RunId, metric: TargetMetricName) => store.runs.userMetric(run, 'test', metric))
  const pairingOf = once((run: RunId, other: RunId) => usersOfBoth(usersOf(run), usersOf(other)))
  return (run, other, metric) => {
    const [values, others] = [valuesOf(run, metric), valuesOf(other, metric)]
    if (!values || !others) return { users: new Int32Array(), values: new Float64Array(), others: new Float64Array() }
    const { users, rows, otherRows } = pairingOf(run, other)
    return { users, values: at(values, rows), others: at(others, otherRows) }
  }
}

function once<Arguments extends readonly (string | number)[], Answer>(
  read: (...of: Arguments) => Answer,
): (...of: Arguments) => Answer {
  const known = new Map<string, Answer>()
  return (...of) => {
    const key = of.join(' ')
    const answer = known.has(key) ? (known.get(key) as Answer) : read(...of)
    known.set(key, answer)
    return answer
  }
}

/**
 * The users that are in both lists, in the order of the first. Runs of one protocol have the same users in the same order as a rule; then nothing has
 * to be looked up.
 */
export function usersOfBoth(own: Int32Array, other: Int32Array): Pairing {
  const rows = new Int32Array(own.length).map((_, row) => row)
  if (own.length === other.length && own.every((user, row) => user === other[row]))
    return { users: own, rows, otherRows: rows }
  const rowOf = new Map<number, number>()
  other.forEach((user, row) => rowOf.set(user, row))
  const common = rows.filter((row) => rowOf.has(own[row] ?? -1))
  const users = common.map((row) => own[row] ?? -1)
  return { users, rows: common, otherRows: users.map((user) => rowOf.get(user) ?? -1) }
}

/** A plain loop: `map` and `from` take many times as long, and a comparison reads hundreds of lists. */
function at(values: Float32Array, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length)
  for (let place = 0; place < rows.length; place++) chosen[place] = values[rows[place] ?? -1] ?? 0
  return chosen
}
