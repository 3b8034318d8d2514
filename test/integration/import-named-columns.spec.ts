import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ChosenColumns } from '../../src/shared/datasets'
import { store, write } from './import-library'

type Row = Readonly<Record<string, string>>
let written = 0

/** What is recognised in a table whose columns have an order. */
async function recognised(rows: readonly Row[], order: readonly string[], columns: ChosenColumns = {}) {
  const lines = [order, ...rows.map((row) => order.map((name) => row[name] ?? ''))].map((row) => row.join(','))
  const file = write(`t${written++}.csv`, lines.join('\n'))
  const { mapping, choices } = await previewImport({ ratings: [file], items: null, columns }, store.library)
  const optionOf = (name: string | null): string => choices.find(({ column }) => column === name)?.option ?? ''
  return { mapping, optionOf }
}

/** Random but fixed numbers. */
const random = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** Rows of people who come several times, each time to some things; a thing has a group. */
function visits(seed: number): Row[] {
  const next = random(seed)
  return Array.from({ length: 600 }, () => {
    const [who, thing, visit] = [next(60), Math.floor((next(90) * next(90)) / 90), next(8)]
    return {
      wer_id: `p${who}`,
      was_id: `d${String(thing)}`,
      gruppe_id: `g${thing % 17}`,
      besuch_id: `b${who}-${visit}`,
      ort_id: `o${next(40)}`,
    }
  })
}
const columns = ['wer_id', 'was_id', 'gruppe_id', 'besuch_id', 'ort_id'] as const

test('naming one side by option keeps the other side, unless the same column was named', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...columns], { minLength: 5 }),
      fc.constantFrom(...columns),
      fc.constantFrom('user', 'item'),
      fc.integer({ min: 1, max: 1000 }),
      async (order, name, side, seed) => {
        const rows = visits(seed)
        const other = side === 'user' ? 'item' : 'user'
        const before = await recognised(rows, order)
        const after = await recognised(rows, order, { [side]: name })
        expect(after.mapping[side]).toBe(name)
        if (before.mapping[other] !== name) expect(after.mapping[other]).toBe(before.mapping[other])
        else expect(after.mapping[other]).not.toBe(name)
      },
    ),
    { numRuns: 12, seed: 6 },
  )
})

test('beside known users, a visit of one person and a group of things are not the items', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['user_id', 'was_id', 'gruppe_id', 'besuch_id'], { minLength: 4 }),
      fc.integer({ min: 1, max: 1000 }),
      async (order, seed) => {
        const rows = visits(seed).map((row): Row => ({ ...row, user_id: row.wer_id ?? '' }))
        const { mapping } = await recognised(rows, order)
        expect(mapping).toMatchObject({ user: 'user_id', item: 'was_id' })
      },
    ),
    { numRuns: 10, seed: 7 },
  )
})

test('a merchant is the item beside its sector, and observers see taxa', async () => {
  const rows = visits(3).map((row): Row => ({
    card_id: row.wer_id ?? '',
    merchant_id: row.was_id ?? '',
    subsector_id: row.gruppe_id ?? '',
    'OBSERVER ID': row.wer_id ?? '',
    'TAXON CONCEPT ID': row.was_id ?? '',
    'SAMPLING EVENT IDENTIFIER': row.besuch_id ?? '',
  }))
  for (const order of [
    ['subsector_id', 'merchant_id', 'card_id'],
    ['card_id', 'merchant_id', 'subsector_id'],
  ])
    expect((await recognised(rows, order)).mapping).toMatchObject({ user: 'card_id', item: 'merchant_id' })
  const seen = ['TAXON CONCEPT ID', 'OBSERVER ID', 'SAMPLING EVENT IDENTIFIER']
  for (const order of [seen, seen.toReversed()])
    expect((await recognised(rows, order)).mapping).toMatchObject({ user: 'OBSERVER ID', item: 'TAXON CONCEPT ID' })
})
