import { describe, expect, it } from 'vitest'
import { randomMatrix } from './random-matrix.fixture'
import { looksLikeMatrix, ratingMatrix, type SaidOfMatrix } from './rating-matrix'

const nothingSaid: SaidOfMatrix = { layout: false, drop: new Set(), keep: new Set(), notRated: undefined }
const seeds = Array.from({ length: 500 }, (_, seed) => seed + 1)

describe('random matrices with columns beside the ratings', () => {
  it.each([
    ['detected', false],
    ['of a chosen layout', true],
  ])('%s: no such column becomes an item without a warning, and no ratings are lost without one', (_, layout) => {
    const [silent, lost, warned]: [string[], string[], string[]] = [[], [], []]
    let [ratings, found] = [0, 0]
    for (const seed of seeds) {
      const matrix = randomMatrix(seed)
      const result = ratingMatrix(matrix, { ...nothingSaid, layout })
      if (!result) continue
      found++
      const isDoubtful = (column: number): boolean => result.doubtful.some((one) => one.column === column)
      for (const { name, hidden = false } of matrix.beside) {
        const column = matrix.names.indexOf(name)
        if (!hidden && result.columns.includes(column) && !isDoubtful(column)) silent.push(`${seed}: ${name}`)
      }
      for (const name of matrix.rated) {
        const column = matrix.names.indexOf(name)
        const left = result.leftOut.find((one) => one.column === column)
        ratings++
        if (left?.certainty === 'guess' || isDoubtful(column)) warned.push(`${seed}: ${name}`)
        else if ((left && left.because !== 'is empty') || result.ids === column) lost.push(`${seed}: ${name}`)
      }
      const missing = result.scale?.missing ?? []
      const isGuess = missing.some(({ certainty }) => certainty === 'guess')
      const numbers = missing.map(({ number }) => String(number))
      if (!isGuess && numbers.join() !== matrix.none.join()) silent.push(`${seed}: not rated`)
    }
    expect(silent).toEqual([])
    expect(lost).toEqual([])
    expect(warned.length).toBeLessThan(0.001 * ratings)
    expect(found).toBeGreaterThan((layout ? 0.999 : 0.98) * seeds.length)
  })

  it('are each said to be matrices, or to be lists that may be', () => {
    const silent = seeds.filter((seed) => {
      const matrix = randomMatrix(seed)
      return ratingMatrix(matrix, nothingSaid) === null && looksLikeMatrix(matrix) === null
    })
    expect(silent.length).toBeLessThan(0.01 * seeds.length)
  })
})

/** A random matrix with one more column, at some place among the ratings; its cells follow from the ratings of each row. */
function withColumn(seed: number, cellOf: (ratings: readonly number[], row: number) => string) {
  const matrix = randomMatrix(seed)
  const rated = matrix.rated.map((name) => matrix.names.indexOf(name))
  const at = rated[seed % rated.length] ?? 0
  const ratingsOf = (row: readonly string[]): number[] =>
    rated
      .map((column) => row[column] ?? '')
      .filter((cell) => cell !== '' && Number.isFinite(Number(cell)) && !matrix.none.includes(cell))
      .map(Number)
  const insert = (row: readonly string[], cell: string): string[] => [...row.slice(0, at), cell, ...row.slice(at)]
  return {
    at,
    names: insert(matrix.names, 'Xyz'),
    rows: matrix.rows.map((row, n) => insert(row, cellOf(ratingsOf(row), n))),
  }
}

describe('columns that follow from the rows, whatever they are called', () => {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  it.each([
    // Where no other column has the ids of the rows, their numbers are these.
    ['numbers', 'numbers the rows', (_: readonly number[], row: number) => String(row + 1), 0.9],
    ['numbers from below', 'numbers the rows', (_: readonly number[], row: number) => String(900 - row), 0.9],
    [
      'means',
      'is the mean of the others of each row',
      (ratings: readonly number[]) => (ratings.length === 0 ? '' : (sum(ratings) / ratings.length).toFixed(2)),
      0.9,
    ],
    // Rounded means and counts of few values may be ratings by chance.
    [
      'rounded means',
      'is the mean of the others of each row',
      (ratings: readonly number[]) => (ratings.length === 0 ? '' : (sum(ratings) / ratings.length).toFixed(0)),
      0.7,
    ],
  ] as const)('%s are left out', (_, because, cellOf, share) => {
    const matrices = seeds.slice(0, 120).map((seed) => withColumn(seed, cellOf))
    const reasons = matrices.map((matrix) => {
      const found = ratingMatrix(matrix, { ...nothingSaid, layout: true })
      return found?.leftOut.find(({ column }) => column === matrix.at)
    })
    const right = reasons.filter((one) => one?.because === because && one.certainty === 'likely')
    expect(right.length).toBeGreaterThanOrEqual(share * matrices.length)
  })
})
