import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TrainingBatch } from '../models/model'
import { csrFromRows, rowOf, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { epochBatches, rowsPerEpoch, stepsPerEpoch } from './batches'

/** Every item of user u is ≡ u modulo the number of users, so that a row tells whose it is. */
const histories = (sizes: readonly number[]): Csr =>
  csrFromRows(
    sizes.map((size, user) => Int32Array.from({ length: size }, (_, i) => user + i * sizes.length)),
    sizes.length * Math.max(1, ...sizes),
  )

interface Row {
  readonly input: number[]
  readonly target: number[]
}
const rowsOf = (batch: TrainingBatch): Row[] =>
  Array.from({ length: batch.input.rows }, (_, r) => ({
    input: [...rowOf(batch.input, r)],
    target: [...rowOf(batch.target, r)],
  }))
const owner = (row: Row, users: number): number => ([...row.input, ...row.target][0] ?? 0) % users

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 })
const batchRows = fc.integer({ min: 2, max: 24 })

describe('an epoch with A/B augmentation', () => {
  it('shows every user once in each direction, A and B of sizes floor(n/2) and the rest', () => {
    fc.assert(
      fc.property(sizes, batchRows, fc.integer(), (sizes, batchRows, seed) => {
        const train = histories(sizes)
        const rows = [...epochBatches(train, { batchRows, augment: true }, seededRandom(seed))].flatMap(rowsOf)
        expect(rows).toHaveLength(rowsPerEpoch(sizes.length, { batchRows, augment: true }))
        sizes.forEach((size, user) => {
          const [one, other, ...more] = rows.filter((row) => owner(row, sizes.length) === user)
          if (!one || !other) throw new Error(`user ${user} is not shown twice`)
          expect(more).toEqual([])
          expect([one.input.length, other.input.length].sort((a, b) => a - b)).toEqual([
            Math.floor(size / 2),
            Math.ceil(size / 2),
          ])
          expect(one.input).toEqual(other.target)
          expect(one.target).toEqual(other.input)
          expect([...one.input, ...one.target].sort((a, b) => a - b)).toEqual([...rowOf(train, user)])
        })
      }),
    )
  })

  it('never puts two rows of one user into one step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 2, maxLength: 40 }),
        batchRows,
        (sizes, batchRows) => {
          for (const batch of epochBatches(histories(sizes), { batchRows, augment: true }, seededRandom(3))) {
            const owners = rowsOf(batch).map((row) => owner(row, sizes.length))
            expect(new Set(owners).size).toBe(owners.length)
          }
        },
      ),
    )
  })

  it('stacks equal numbers of B→A and A→B rows in a step, up to the batch size', () => {
    const [first] = epochBatches(
      histories(Array.from({ length: 20 }, () => 3)),
      { batchRows: 8, augment: true },
      seededRandom(5),
    )
    if (!first) throw new Error('no batch')
    expect(rowsOf(first).map((row) => row.input.length)).toEqual([2, 2, 2, 2, 1, 1, 1, 1])
  })
})

describe('an epoch without augmentation', () => {
  it('shows every history once, whole, as its own target', () => {
    fc.assert(
      fc.property(sizes, batchRows, (sizes, batchRows) => {
        const train = histories(sizes)
        const rows = [...epochBatches(train, { batchRows, augment: false }, seededRandom(1))].flatMap(rowsOf)
        expect(rows.every((row) => row.input.join() === row.target.join())).toBe(true)
        const shown = rows.sort((a, b) => owner(a, sizes.length) - owner(b, sizes.length)).map((row) => row.input)
        expect(shown).toEqual(sizes.map((_, user) => [...rowOf(train, user)]))
      }),
    )
  })
})

it('makes the steps of an epoch nearly equal for any number of users', () => {
  fc.assert(
    fc.property(sizes, batchRows, fc.boolean(), (sizes, batchRows, augment) => {
      const steps = [...epochBatches(histories(sizes), { batchRows, augment }, seededRandom(2))]
      const rows = steps.map(({ input }) => input.rows)
      expect(Math.max(...rows)).toBeLessThanOrEqual(batchRows)
      expect(Math.max(...rows) - Math.min(...rows)).toBeLessThanOrEqual(augment ? 2 : 1)
    }),
  )
})

it('foretells the number of steps', () => {
  fc.assert(
    fc.property(sizes, batchRows, fc.boolean(), (sizes, batchRows, augment) => {
      const batches = [...epochBatches(histories(sizes), { batchRows, augment }, seededRandom(2))]
      expect(batches).toHaveLength(stepsPerEpoch(sizes.length, { batchRows, augment }))
    }),
  )
})

it('repeats itself for one seed and differs for another', () => {
  const train = histories(Array.from({ length: 30 }, () => 6))
  const epoch = (seed: number): Row[] =>
    [...epochBatches(train, { batchRows: 8, augment: true }, seededRandom(seed))].flatMap(rowsOf)
  expect(epoch(1)).toEqual(epoch(1))
  expect(epoch(1)).not.toEqual(epoch(2))
})
