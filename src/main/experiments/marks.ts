import { setImmediate as nextTurn } from 'node:timers/promises'
import { fewestForError } from '../../shared/measured-users'
import { holm } from '../numeric/holm'
import { pairedPermutation } from '../numeric/paired-permutation'
import { seededRandom } from '../numeric/random'

/** Below this corrected p, a system differs significantly from the best. */
export const level = 0.05
const mostRounds = 10_000
const fewestRounds = 1000
/** Maximum number of additions in one comparison, so that it does not block the engine for long. */
const additionsAtOnce = 5e7

/** Number of sign assignments for this many users: 10,000, fewer for very many users. */
export const roundsFor = (users: number): number =>
  Math.max(fewestRounds, Math.min(mostRounds, Math.floor(additionsAtOnce / Math.max(1, users))))

/** Values of one system, by user. */
export type PerUser = ReadonlyMap<number, number>

export interface Mark {
  readonly best: boolean
  readonly tied: boolean
  readonly p: number | null
}

const unmarked: Mark = { best: false, tied: false, p: null }

const meanOf = (values: PerUser): number => {
  let sum = 0
  for (const value of values.values()) sum += value
  return sum / Math.max(1, values.size)
}

/**
 * Marks the best of a column by its mean, and all that are not significantly different from it: paired permutation test over the users that both
 * scored, p values corrected by Holm over the column. The draws are seeded, so the same column always has the same marks. Fewer than two users cannot
 * show a difference: then nothing is marked, and a system with fewer than two users in common with the best is not compared with it. Yields to the
 * event loop between comparisons.
 */
export async function marksOf(column: readonly (PerUser | null)[]): Promise<(Mark | null)[]> {
  const means = column.map((values) => (values === null ? -Infinity : meanOf(values)))
  const best = means.indexOf(Math.max(...means))
  const top = column[best]
  if (!top) return column.map(() => null)
  if (top.size < fewestForError) return column.map((values) => values && unmarked)
  const ps: { row: number; p: number }[] = []
  for (const [row, values] of column.entries()) {
    if (row === best || values === null) continue
    const common = [...top.keys()].filter((user) => values.has(user))
    if (common.length < fewestForError) continue
    ps.push({
      row,
      p: pairedPermutation(
        common.map((user) => top.get(user) ?? 0),
        common.map((user) => values.get(user) ?? 0),
        { rounds: roundsFor(common.length), random: seededRandom(1).fork(`row ${row}`) },
      ),
    })
    await nextTurn()
  }
  const adjusted = holm(ps.map(({ p }) => p))
  return column.map((values, row) => {
    if (values === null) return null
    if (row === best) return { best: true, tied: false, p: null }
    const p = adjusted[ps.findIndex((test) => test.row === row)]
    return p === undefined ? unmarked : { best: false, tied: p >= level, p }
  })
}
