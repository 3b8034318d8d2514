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
