import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StudioError } from './errors'
import { fieldsOf } from './run-fields'
import { parseFilter } from './run-filter'
import { aRun } from './run.fixture'

const runs = [
  aRun({ id: 1, name: 'first', model: 'yew', config: { batch: 128, augment: 'random' }, tags: ['baseline', 'paper'] }),
  aRun({ id: 2, name: 'second try', model: 'oak', config: { lambda: 200 }, seconds: 400, starred: true, ndcg: 0.41 }),
  aRun({
    id: 3,
    name: 'third',
    model: 'yew',
    config: { batch: 512 },
    note: 'New catalogue',
    archived: true,
    ndcg: 0.38,
  }),
]
const found = (filter: string): number[] => {
  const read = parseFilter(filter, fieldsOf(runs))
  return runs.filter((run) => read.matches(run)).map(({ id }) => id)
}

describe('a filter of runs', () => {
  test.each([
    ['', [1, 2, 3]],
    ['yew', [1, 3]],
    ['"second try"', [2]],
    ['try second', [2]],
    ['#3', [3]],
    ['model=yew', [1, 3]],
    ['MODEL = YEW', [1, 3]],
    ['model!=yew', [2]],
    ['-model=yew', [2]],
    ['tag=Baseline', [1]],
    ['tag!=baseline', [2, 3]],
    ['-tag=baseline', [2, 3]],
    ['note:catalogue', [3]],
    ['catalogue', [3]],
    ['starred=yes', [2]],
    ['archived=no', [1, 2]],
    ['ndcg@100>0.4', [2]],
    ['ndcg@100<=0.41', [2, 3]],
    // A run that was not measured satisfies no comparison, but its opposite.
    ['-ndcg@100>0.4', [1, 3]],
    ['batch>=512', [3]],
    ['batch=128 augment=random', [1]],
    ['duration>5min', [2]],
    ['duration>2h', []],
    ['started>=2026-11-02 yew', [3]],
    ['started=2026-11', [1, 2, 3]],
  ])('%s', (filter, expected) => {
    expect(found(filter)).toEqual(expected)
  })

  test.each([
    ['ndgc@100>0.4', /no field “ndgc@100”/, /ndcg@100/],
    ['ndcg@100>high', /“ndcg@100” is a number, but the filter compares it with “high”/, /0\.35/],
    ['starred=maybe', /yes or no, not “maybe”/, /starred=yes/],
    ['name>first', /“name” is a text, so > does not apply/, /name=VALUE/],
    ['started>=monday', /“monday” is no day/, /2026-11-30/],
    ['"second', /opening quotation mark without a closing one/, /Close it/],
    ['duration>5weeks', /compares it with “5weeks”/, /min/],
  ])('%s is refused with cause and next step', (filter, message, next) => {
    let caught: unknown = null
    try {
      parseFilter(filter, fieldsOf(runs))
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(StudioError)
    const { message: said, next: after } = caught as StudioError
    expect(said).toMatch(message)
    expect(after).toMatch(next)
  })

  test('whatever is typed is read or refused, and the opposite of a term finds the others', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (typed) => {
        try {
          const ids = found(typed)
          expect(runs.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
        } catch (error) {
          expect(error).toBeInstanceOf(StudioError)
        }
      }),
      { numRuns: 300 },
    )
    const value = fc.constantFrom('model=yew', 'tag=paper', 'batch>200', 'ndcg@100<0.4', '"third"')
    fc.assert(
      fc.property(value, (term) => {
        expect([...found(term), ...found(`-${term}`)].sort()).toEqual([1, 2, 3])
      }),
    )
  })

  test('a term that compares a field says so, so that a list knows whether archived runs are asked for', () => {
    const filter = parseFilter('Archived=yes yew', fieldsOf(runs))
    expect([filter.mentions('archived'), filter.mentions('model')]).toEqual([true, false])
  })
})
