import fc from 'fast-check'
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

describe('a few columns of one small scale', () => {
  const answers = (columns: number, scale: readonly number[]): fc.Arbitrary<string[][]> =>
    fc.array(
      fc.array(fc.constantFrom(...scale), { minLength: columns, maxLength: columns }).map((row) => row.map(String)),
      { minLength: 60, maxLength: 90 },
    )
  const time = (row: number): string => `2023/01/${10 + (row % 20)} 10:${10 + (row % 50)}:00`
  const items = ['Coke', 'Pepsi', 'Sprite', 'Fanta', 'Cola', 'Mate', 'Tea']
  const questions = fc.constantFrom<(item: string) => string>(
    (item) => item,
    (item) => `How do you rate [${item}]?`,
    (item) => `How much did you like ${item}?`,
  )
  const positions = (columns: number): number[] => Array.from({ length: columns }, (_, at) => at + 1)

  it('beside the times of a form are a matrix', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 7 }).chain((columns) =>
          fc.tuple(
            fc.constantFrom([1, 2, 3, 4, 5], [1, 2, 3], [0, 1, 2, 3, 4]).chain((scale) => answers(columns, scale)),
            questions,
          ),
        ),
        ([rows, question]) => {
          const columns = rows[0]!.length
          const sample = {
            names: ['Timestamp', ...items.slice(0, columns).map(question)],
            rows: rows.map((row, at) => [time(at), ...row]),
          }
          expect(ratingMatrix(sample, nothingSaid)?.columns).toEqual(positions(columns))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('of 0 and 1 beside an id of each row are a matrix, as a guess', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 7 }).chain((columns) => answers(columns, [0, 1])),
        (rows) => {
          const columns = rows[0]!.length
          const sample = {
            names: ['user', ...positions(columns).map((at) => `m${at}`)],
            rows: rows.map((row, at) => [String(at), ...row]),
          }
          const found = ratingMatrix(sample, nothingSaid)
          expect([found?.columns, found?.ids, found?.mayBeList]).toEqual([positions(columns), 0, true])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are a list where pairs of them are rows of a user and an item, or their names say so', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 42 }, (_, n) => n),
          { minLength: 20 },
        ),
        (pairs) => {
          const rows = pairs.map((pair, at) => [
            time(at),
            String(1 + (pair % 6)),
            String(1 + Math.floor(pair / 6)),
            String(1 + (at % 5)),
          ])
          expect(ratingMatrix({ names: ['zeit', 'xa', 'xb', 'xc'], rows }, nothingSaid)).toBeNull()
          const twice = [...rows, ...rows]
          expect(ratingMatrix({ names: ['time', 'user', 'xb', 'xc'], rows: twice }, nothingSaid)).toBeNull()
          const flags = twice.map((row, at) => [String(at), ...row.slice(1).map((cell) => String(Number(cell) % 2))])
          expect(ratingMatrix({ names: ['user', 'clicked', 'liked', 'bought'], rows: flags }, nothingSaid)).toBeNull()
        },
      ),
      { numRuns: 40 },
    )
  })
})
