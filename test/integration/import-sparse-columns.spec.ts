import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { folder, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

type Cell = (row: number) => string | number
const previewOf = async (columns: Readonly<Record<string, Cell>>, rows: number): Promise<ImportPreview> => {
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((cell) => cell(row))
      .join(','),
  )
  const file = write('t.csv', `${Object.keys(columns).join(',')}\n${lines.join('\n')}\n`)
  return await previewImport({ ratings: [file], items: null }, store.library)
}
const found = ({ mapping }: ImportPreview, role: string): string | null | undefined =>
  role === 'event' ? mapping.event?.column : ((mapping as Record<string, unknown>)[role] as string | null | undefined)
const said = ({ warnings }: ImportPreview): string => warnings.join('\n')

const day: Cell = (row) => `2024-0${1 + (row % 3)}-${10 + (row % 19)}`
/** A value of each row, for a column of each role. */
const cells: Readonly<Record<string, Cell>> = {
  user: (row) => `u${row % 7}`,
  item: (row) => `i${(row * 5 + Math.floor(row / 7)) % 11}`,
  time: day,
  rating: (row) => 1 + (row % 5),
  count: (row) => 1 + ((row * row) % 37),
  event: (row) => ['view', 'purchase'][row % 2] ?? '',
}
/** Two names of each role, of which the first says it at least as well. */
const names: Readonly<Record<string, readonly [string, string]>> = {
  user: ['user_id', 'customer_id'],
  item: ['item_id', 'Product'],
  time: ['timestamp', 'Created at'],
  rating: ['rating', 'stars'],
  count: ['quantity', 'plays'],
  event: ['event', 'action'],
}
const ids = { Email: (row: number) => `u${row % 7}@x.org`, sku: cells.item ?? day }

/** A column that some rows lack. */
const without =
  (cell: Cell, isBlank: (row: number) => boolean, blank = ''): Cell =>
  (row) =>
    isBlank(row) ? blank : cell(row)

describe('a column that holds nothing, or next to nothing,', () => {
  test.each(Object.entries(names))('is not the %s, wherever it stands', async (role, [sparse, full]) => {
    const cell = cells[role] ?? day
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 3, 70),
        fc.boolean(),
        fc.integer({ min: 0, max: 3 }),
        async (more, sparseFirst, filled) => {
          const others = Object.fromEntries(Array.from({ length: more }, (_, n) => [`Extra ${n}`, (): string => '']))
          const empty = { [sparse]: (row: number): string | number => (row % 40 < filled ? cell(0) : '') }
          const { Email, sku } = ids
          const columns = {
            ...(role === 'user' ? {} : { Email }),
            ...(role === 'item' ? {} : { sku }),
            ...(sparseFirst ? { ...others, ...empty } : {}),
            [full]: cell,
            ...others,
            ...empty,
          }
          const preview = await previewOf(columns, 80)
          expect(found(preview, role)).toBe(full)
        },
      ),
      { numRuns: 8 },
    )
  })
})

const share = (from: number, to: number): fc.Arbitrary<number> => fc.integer({ min: from, max: to })

describe('a time that many rows lack', () => {
  const full: Readonly<Record<string, Cell>> = {
    last_updated: (row) => 1_428_798_838 + row * 7919,
    modified: (row) => new Date((1_428_798_838 + row * 7919) * 1000).toISOString(),
    'Finish date': day,
  }

  test('yields to one that all rows have, and both are said', async () => {
    await fc.assert(
      fc.asyncProperty(
        share(20, 90),
        fc.constantFrom('', '0000-00-00', '0000-00-00 00:00:00', 'unknown'),
        fc.constantFrom(...Object.keys(full)),
        async (percent, blank, other) => {
          const start = without(day, (row) => row % 100 < percent, blank)
          const preview = await previewOf({ ...ids, start_date: start, [other]: full[other] ?? day }, 200)
          expect(preview.mapping.time).toBe(other)
          if (other !== 'Finish date') {
            expect(said(preview)).toContain(`column "${other}": time is a guess.`)
            expect(said(preview)).toContain(`${2 * percent} rows have no usable “start_date”`)
            expect(said(preview)).toContain('use --time "start_date"')
          }
        },
      ),
      { numRuns: 12 },
    )
  })

  test('is kept where there is no other, and the option that keeps its rows is said', async () => {
    await fc.assert(
      fc.asyncProperty(share(20, 80), fc.constantFrom('', '0000-00-00', 'unknown'), async (percent, blank) => {
        const start = without(day, (row) => row % 100 < percent, blank)
        const joined = (row: number): string => `2021-0${1 + (row % 7)}-01`
        // The day on which a user joined is not that of an interaction.
        const preview = await previewOf({ ...ids, start_date: start, joined }, 210)
        expect(preview.mapping.time).toBe('start_date')
        expect(said(preview)).toMatch(/column "start_date": .*--time none/)
      }),
      { numRuns: 6 },
    )
  })
})

describe('a count that rows lack', () => {
  const events: Cell = (row) => (row % 100 < 40 ? 'purchase' : 'view')

  test('is left out if they are more than a tenth, so that none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(share(0, 90), fc.constantFrom('quantity', 'items.quantity', 'Menge'), async (percent, name) => {
        const quantity = without(cells.count ?? day, (row) => (row * 37) % 100 < percent)
        const preview = await previewOf({ ...ids, event: events, [name]: quantity }, 200)
        const file = { path: join(folder, 't.csv'), name: 't.csv' }
        const result = await load(file, mappingOf(preview))
        if (percent > 10) {
          expect(preview.mapping.count).toBeUndefined()
          expect(said(preview)).toContain(
            `column "${name}": left out is a guess. Its name says count, but ${2 * percent} of 200 rows have none`,
          )
          expect(said(preview)).toContain(`use --count "${name}", or --count none`)
          expect(result.rejected).toBe(0)
        } else {
          expect(preview.mapping.count).toBe(name)
          expect(result.rejected).toBe(2 * percent)
        }
        store.datasets.delete(result.dataset)
      }),
      { numRuns: 12 },
    )
  })

  test('is used where a person chose it, or which events count', async () => {
    const quantity = without(cells.count ?? day, (row) => events(row) === 'view')
    await previewOf({ ...ids, event: events, quantity }, 200)
    const file = { path: join(folder, 't.csv'), name: 't.csv' }
    for (const columns of [{ count: 'quantity' }, { event: 'event', eventTypes: true as const }]) {
      const preview = await previewImport({ ratings: [file], items: null, columns }, store.library)
      expect(preview.mapping.count).toBe('quantity')
    }
  })
})

test('a rating that many rows lack yields to another one', async () => {
  await fc.assert(
    fc.asyncProperty(share(11, 89), fc.boolean(), async (percent, sparseFirst) => {
      const rating = { rating: without(cells.rating ?? day, (row) => row % 100 < percent) }
      const stars = { stars: cells.rating ?? day }
      const preview = await previewOf(
        { ...ids, ...(sparseFirst ? { ...rating, ...stars } : { ...stars, ...rating }) },
        200,
      )
      expect(preview.mapping.rating).toBe('stars')
    }),
    { numRuns: 6 },
  )
})
