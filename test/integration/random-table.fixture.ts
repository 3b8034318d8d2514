import fc from 'fast-check'
import type { DuplicatePolicy, ImportResult } from '../../src/shared/datasets'
import { store } from './import-library'

/** What is wrong with a row: a value in place of the good one, or a missing or an extra cell. */
interface Fault {
  readonly column: 'user' | 'item' | 'rating' | 'time' | 'row'
  readonly text: string
  readonly reason: string
}

const faults: readonly Fault[] = [
  { column: 'user', text: '', reason: 'no user id' },
  { column: 'item', text: '  ', reason: 'no item id' },
  { column: 'rating', text: 'good', reason: 'rating is not a number' },
  { column: 'rating', text: 'NaN', reason: 'rating is NaN' },
  { column: 'rating', text: '-inf', reason: 'rating is not finite' },
  { column: 'rating', text: '', reason: 'no rating' },
  { column: 'time', text: 'soon', reason: 'time is not a time' },
  { column: 'time', text: '-1', reason: 'time is before 1970' },
  { column: 'time', text: '', reason: 'no time' },
]
const brokenRows: readonly Fault[] = [
  { column: 'row', text: 'short', reason: 'too few columns' },
  { column: 'row', text: 'long', reason: 'too many columns' },
]

export interface RandomRow {
  readonly user: string
  readonly item: string
  readonly rating: number
  /** Seconds since 1970. */
  readonly time: number
  readonly fault: Fault | null
}

/** How times are written: each is read back as the same seconds. */
export const timeForms = {
  seconds: (time: number): string => String(time),
  milliseconds: (time: number): string => String(time * 1000),
  ISO: (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
} as const
type TimeForm = keyof typeof timeForms

/**
 * Tables as people have them: ids of any text with quotes, separators, spaces and leading zeros, few enough that a user meets an item again.
 * @param options.letters characters of ids besides letters, digits and common signs
 * @param options.ragged whether rows may lack a cell or have one too many
 */
export const randomRows = ({
  letters,
  ragged,
}: {
  letters: string
  ragged: boolean
}): fc.Arbitrary<readonly RandomRow[]> => {
  const id = fc.oneof(
    { arbitrary: fc.constantFrom('7', '07', 'a', 'A'), weight: 5 },
    fc.integer({ min: 0, max: 30 }).map((n) => String(n).padStart(3, '0')),
    fc.constant('100000000000000000000'),
    fc
      .array(fc.constantFrom(...Array.from(`AZaz09 _%'\\#-./(&<+=${letters}`)), { minLength: 1, maxLength: 8 })
      // Spaces around ids and spreadsheet formulas that hold one are not kept: see import-ids.spec.ts.
      .map((characters) => characters.join('').trim())
      .filter((text) => text !== '' && !text.startsWith('=')),
  )
  const row = fc.record({
    user: id,
    item: id,
    rating: fc.integer({ min: -4, max: 20 }).map((half) => half / 2),
    // Not so early that milliseconds would be taken for seconds: see time-forms.ts.
    time: fc.integer({ min: 100_000_000, max: 2_000_000_000 }),
    fault: fc.oneof(
      { arbitrary: fc.constant(null), weight: 3 },
      fc.constantFrom(...faults, ...(ragged ? brokenRows : [])),
    ),
  })
  // The first rows show what the columns look like, as in every real export.
  const first = [1, 2, 3, 4].map((n) => ({
    user: '17',
    item: String(n),
    rating: n + 0.5,
    time: 1_000_000_000 + n,
    fault: null,
  }))
  return fc.array(row, { maxLength: 20 }).map((rows) => [...first, ...rows])
}

/** The row's cells as they are written. */
export const cellsOf = (row: RandomRow, { decimal, times }: { decimal: string; times: TimeForm }): string[] => {
  const { fault } = row
  const of = (column: Fault['column'], good: string): string => (fault?.column === column ? fault.text : good)
  const cells = [
    of('user', row.user),
    of('item', row.item),
    of('rating', String(row.rating).replace('.', decimal)),
    of('time', timeForms[times](row.time)),
  ]
  if (fault?.text === 'short') return cells.slice(0, 3)
  if (fault?.text === 'long') return [...cells, 'more']
  return cells
}

type Interaction = readonly [user: string, item: string, rating: number, time: number]

/** What an import must keep of the good rows, and how many give way, by the policy's own words. */
export function keptOf(
  rows: readonly RandomRow[],
  policy: DuplicatePolicy,
): { interactions: Interaction[]; duplicates: number } {
  const pairs = new Map<string, RandomRow[]>()
  const good = rows.filter(({ fault }) => fault === null).toSorted((a, b) => a.time - b.time)
  for (const row of good) {
    const pair = JSON.stringify([row.user, row.item])
    pairs.set(pair, [...(pairs.get(pair) ?? []), row])
  }
  const interactions = [...pairs.values()].map((same): Interaction => {
    const last = same.at(-1)
    const highest = Math.max(...same.map(({ rating }) => rating))
    const kept = {
      last,
      first: same[0],
      maximum: same.findLast(({ rating }) => rating === highest),
      count: last && { ...last, rating: same.length },
    }[policy]
    if (!kept) throw new Error('a pair without a row')
    return [kept.user, kept.item, kept.rating, kept.time]
  })
  return { interactions, duplicates: good.length - interactions.length }
}

export const inAnyOrder = (table: readonly unknown[]): string[] => table.map((cells) => JSON.stringify(cells)).sort()

/** What the library holds after an import: interactions by external ids. */
export function interactionsOf({ dataset }: ImportResult): Interaction[] {
  const ids = store.datasets.items(dataset).map(({ externalId }) => externalId)
  return [...store.datasets.histories(dataset)].flatMap(({ externalId, items, ratings, times }) =>
    Array.from(items, (item, i): Interaction => [
      externalId,
      ids[item] ?? '',
      ratings?.[i] ?? Number.NaN,
      times?.[i] ?? Number.NaN,
    ]),
  )
}
